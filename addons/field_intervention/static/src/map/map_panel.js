/* global L */
import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef } from "@odoo/owl";
import { loadCSS, loadJS } from "@web/core/assets";
import { useService } from "@web/core/utils/hooks";

const LIBRARY = "/field_intervention/static/lib/leaflet/leaflet";
const COLORS = {
    draft: "#6b7280",
    planned: "#7ea6cf",
    dispatched: "#3b82c4",
    on_the_way: "#dd8a1c",
    on_site: "#dd8a1c",
    done: "#5fae7d",
    to_resume: "#a678d8",
};

/** Words for a tooltip: Leaflet takes a text for HTML, and names are typed by anybody. */
function say(text) {
    const words = document.createElement("span");
    words.textContent = text;
    return words;
}

/** The jobs of the board and the sectors on a map; the pictures behind it come from a setting. */
export class MapPanel extends Component {
    static template = "field_intervention.MapPanel";
    static props = { board: Object, selectedId: [Number, Boolean], select: Function };

    setup() {
        this.orm = useService("orm");
        this.place = useRef("place");
        onWillStart(async () => {
            [this.sectors] = await Promise.all([
                this.orm.searchRead(
                    "service.sector",
                    [["boundary", "!=", false]],
                    ["name", "boundary"]
                ),
                loadJS(`${LIBRARY}.js`),
                loadCSS(`${LIBRARY}.css`),
            ]);
        });
        onMounted(() => {
            this.drawMap();
            this.drawJobs();
            this.fit();
        });
        onPatched(() => this.drawJobs());
        onWillUnmount(() => this.map.remove());
    }

    get jobs() {
        return [...this.props.board.jobs.values()].filter((job) => job.position);
    }

    drawMap() {
        // not animated: a map that is closed while it moves would move nothing
        this.map = L.map(this.place.el, { zoomAnimation: false, fadeAnimation: false });
        this.map.attributionControl.setPrefix("Leaflet");
        const { tile_url: url, attribution } = this.props.board.map;
        if (url) {
            L.tileLayer(url, { attribution: attribution || "" }).addTo(this.map);
        }
        this.areas = L.featureGroup().addTo(this.map);
        for (const sector of this.sectors) {
            L.geoJSON(JSON.parse(sector.boundary), { style: { weight: 1, fillOpacity: 0.08 } })
                .bindTooltip(say(sector.name))
                .addTo(this.areas);
        }
        this.points = L.featureGroup().addTo(this.map);
    }

    drawJobs() {
        this.points.clearLayers();
        for (const job of this.jobs) {
            const isSelected = job.id === this.props.selectedId;
            L.circleMarker(job.position, {
                radius: isSelected ? 11 : 7,
                color: job.isLate ? "#dc3545" : "#1f2937",
                weight: isSelected || job.isLate ? 3 : 1,
                fillColor: COLORS[job.state],
                fillOpacity: 0.9,
            })
                .bindTooltip(say(`${job.partner} · ${job.name}`))
                .on("click", () => this.props.select(job.id))
                .addTo(this.points);
        }
        for (const { row } of this.props.board.lines) {
            if (row?.seen) {
                const icon = L.divIcon({ className: "o_dispatch_person", html: '<i class="fa fa-user"></i>' });
                L.marker(row.seen.place, { icon, keyboard: false })
                    .bindTooltip(say(`${row.name} · ${row.seen.moment}`))
                    .addTo(this.points);
            }
        }
    }

    fit() {
        const bounds = this.points.getBounds().extend(this.areas.getBounds());
        if (bounds.isValid()) {
            this.map.fitBounds(bounds.pad(0.1), { maxZoom: 13 });
        } else {
            this.map.setView([46.6, 2.4], 5);
        }
    }
}
