/** Images that fit into one event. */

// Other types, such as SVG, can contain scripts that run when a user opens the image.
export const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

const SIZES = [1600, 1200, 900, 640, 480, 320, 200];
const QUALITIES = [0.85, 0.6];

/**
 * Makes an image small enough, by drawing it smaller and as WebP. Of an animated image, its first picture is left.
 *
 * @param {File} file
 * @param {number} limit in bytes
 * @returns {Promise<{image: Blob, changed: boolean} | undefined>} undefined if it cannot be made small enough
 */
export async function fit(file, limit) {
  if (file.size <= limit) return { image: file, changed: false };
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return undefined;
  const canvas = document.createElement("canvas");
  for (const size of SIZES) {
    const scale = Math.min(1, size / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const image = await new Promise((resolve) => canvas.toBlob(resolve, "image/webp", quality));
      // A browser that cannot write WebP writes PNG.
      if (image && image.size <= limit) return { image, changed: true };
    }
  }
  return undefined;
}
