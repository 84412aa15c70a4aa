/* global ZXing */
import { buildZXingBarcodeDetector } from "@web/core/barcode/ZXingBarcodeDetector";

const LONGEST_SIDE = 1600;
const SPARE_BYTES = 50 * 1024 * 1024;

/** A photo made small enough to travel over a bad network. */
export async function shrink(file) {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
}

/** Whether the device has room for more photos: better to refuse early than to fail late. */
export async function hasRoom() {
    const { quota, usage } = (await navigator.storage?.estimate?.()) || {};
    return !quota || quota - usage > SPARE_BYTES;
}

async function loadZXing() {
    if (!window.ZXing) {
        await new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = "/web/static/lib/zxing-library/zxing-library.js";
            script.onload = resolve;
            script.onerror = reject;
            document.head.append(script);
        });
    }
    return buildZXingBarcodeDetector(ZXing);
}

/** Reads QR and bar codes off a video: by the browser if it can, else by ZXing. */
export async function makeDetector() {
    if ("BarcodeDetector" in window) {
        const formats = await window.BarcodeDetector.getSupportedFormats();
        if (formats.includes("qr_code")) {
            return new window.BarcodeDetector({ formats });
        }
    }
    const Detector = await loadZXing();
    return new Detector();
}

/** Where the device is, or nothing when it cannot or may not say. */
export function locate() {
    const options = { enableHighAccuracy: true, maximumAge: 60000, timeout: 15000 };
    return new Promise((resolve) => {
        if (!navigator.geolocation) {
            resolve(null);
            return;
        }
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => resolve(coords),
            () => resolve(null),
            options
        );
    });
}
