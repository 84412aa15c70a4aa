import { onMounted, onWillUnmount, useExternalListener } from "@odoo/owl";

const HANDLE = 8; // pixels at the right edge of a bar that change its end
const THRESHOLD = 5; // pixels before a press becomes a drag
const LONG_PRESS = 350; // milliseconds that a finger rests before it drags instead of scrolling
const EDGE = 50; // pixels from the border where the board begins to scroll
const SPEED = 12; // pixels a frame

/**
 * Drag a copy of an element over the board, or the right edge of a bar.
 *
 * Odoo's own useDraggable does not fit: it hides the body from elementFromPoint, and sets
 * position:fixed on the element, which is wrong inside rows with content-visibility.
 *
 * @param {{el: HTMLElement}} ref
 * @param {Object} params
 * @param {string} params.selector what can be dragged
 * @param {string} params.resizable what changes its length at its right edge
 * @param {string} params.scroller what scrolls at its edges
 * @param {(drag: Object) => boolean} params.canDrag
 * @param {(drag: Object) => void} params.onMove
 * @param {(drag: Object) => void} params.onDrop
 * @param {() => void} params.onEnd after a drop, and after Escape
 */
export function useGhostDrag(ref, params) {
    let drag = null;
    let press = null;
    let frame = null;

    function onDown(ev) {
        const el = ev.target.closest(params.selector);
        if (!el || ev.button !== 0 || drag || !params.canDrag(el)) {
            return;
        }
        const box = el.getBoundingClientRect();
        const isResize = el.matches(params.resizable) && ev.clientX > box.right - HANDLE;
        const isTouch = ev.pointerType === "touch";
        drag = { el, box, isResize, isTouch, x: ev.clientX, y: ev.clientY };
        drag.grip = { x: ev.clientX - box.left, y: ev.clientY - box.top };
        if (isTouch) {
            press = setTimeout(start, LONG_PRESS);
        } else {
            ev.preventDefault(); // no selection of text
            el.focus({ preventScroll: true });
        }
    }

    function start() {
        const { el, box } = drag;
        drag.ghost = el.cloneNode(true);
        drag.ghost.classList.add("o_dispatch_ghost");
        drag.ghost.style.cssText = `width:${box.width}px;height:${box.height}px`;
        ref.el.appendChild(drag.ghost);
        el.classList.add("o_dispatch_dragged");
        follow();
    }

    function follow() {
        const { ghost, box, grip, x, y, isResize } = drag;
        drag.left = isResize ? box.left : x - grip.x;
        drag.right = isResize ? Math.max(x, box.left + 8) : drag.left + box.width;
        const top = isResize ? box.top : y - grip.y;
        ghost.style.width = `${drag.right - drag.left}px`;
        ghost.style.transform = `translate(${drag.left}px,${top}px)`;
        params.onMove(drag);
        if (!frame) {
            frame = requestAnimationFrame(scrollAtEdges);
        }
    }

    function scrollAtEdges() {
        frame = null;
        const scroller = drag?.ghost && ref.el.querySelector(params.scroller);
        if (!scroller) {
            return;
        }
        const box = scroller.getBoundingClientRect();
        const step = (at, low, high) => (at < low + EDGE ? -SPEED : at > high - EDGE ? SPEED : 0);
        const before = [scroller.scrollTop, scroller.scrollLeft];
        scroller.scrollBy(step(drag.x, box.left, box.right), step(drag.y, box.top, box.bottom));
        if (scroller.scrollTop !== before[0] || scroller.scrollLeft !== before[1]) {
            follow();
        }
    }

    function onMove(ev) {
        if (!drag) {
            return;
        }
        const far = Math.hypot(ev.clientX - drag.x, ev.clientY - drag.y) >= THRESHOLD;
        if (!drag.ghost) {
            if (!far) {
                return;
            }
            if (drag.isTouch) {
                stop(); // the finger scrolls
                return;
            }
            start();
        }
        drag.x = ev.clientX;
        drag.y = ev.clientY;
        follow();
    }

    function onUp() {
        const done = drag;
        stop();
        if (done?.ghost) {
            // the click that follows selects nothing
            window.addEventListener("click", swallow, { capture: true, once: true });
            setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
            params.onDrop(done);
        }
    }

    function swallow(ev) {
        ev.stopPropagation();
        ev.preventDefault();
    }

    function stop() {
        clearTimeout(press);
        cancelAnimationFrame(frame);
        frame = null;
        if (drag) {
            drag.ghost?.remove();
            drag.el.classList.remove("o_dispatch_dragged");
            drag = null;
            params.onEnd();
        }
    }

    const hold = (ev) => drag?.ghost && ev.preventDefault();
    useExternalListener(window, "pointermove", onMove);
    useExternalListener(window, "pointerup", onUp);
    useExternalListener(window, "pointercancel", stop);
    useExternalListener(window, "touchmove", hold, { passive: false });
    useExternalListener(
        window,
        "keydown",
        (ev) => {
            if (ev.key === "Escape" && drag) {
                ev.stopPropagation();
                stop();
            }
        },
        { capture: true }
    );
    onMounted(() => ref.el.addEventListener("pointerdown", onDown));
    onWillUnmount(stop);
}
