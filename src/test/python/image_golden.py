"""Makes src/test/resources/golden/images: small pictures of many kinds, and what Pillow makes of them.

Needs Pillow 13 and numpy; expected.json holds base64 of RGB bytes. Run from the root of the repository.
"""

import base64
import json
import pathlib

import numpy as np
from PIL import Image, ImageOps

OUT = pathlib.Path("src/test/resources/golden/images")
WIDTH, HEIGHT = 12, 9
FILTERS = 6


def picture(channels):
    """A smooth picture with a little noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = [127 + 90 * np.sin(x / 3.0 + k) + 30 * np.cos(y / 2.0 * (k + 1)) for k in range(channels)]
    noisy = np.stack(waves, -1) + np.random.default_rng(channels).normal(0, 8, (HEIGHT, WIDTH, channels))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def encoded(image):
    return {"width": image.width, "height": image.height, "rgb": base64.b64encode(image.tobytes()).decode()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    rgb = Image.fromarray(picture(3))
    rgba = Image.fromarray(picture(4))
    grey = Image.fromarray(picture(1)[..., 0])
    palette = rgb.quantize(11)
    bilevel = grey.convert("1")
    cmyk = Image.fromarray(picture(4), "CMYK")
    save = {
        "rgb.png": (rgb, {}),
        "rgba.png": (rgba, {}),
        "grey.png": (grey, {}),
        "grey_alpha.png": (rgba.convert("LA"), {}),
        "palette.png": (palette, {"bits": 4}),
        "palette_transparent.png": (palette, {"transparency": 3}),
        "rgb_transparent.png": (rgb, {"transparency": rgb.getpixel((0, 0))}),
        "bilevel.png": (bilevel, {}),
        "gamma.png": (rgb, {"gamma": 0.3}),
        "rgb.jpg": (rgb, {"quality": 90}),
        "grey.jpg": (grey, {"quality": 90}),
        "cmyk.jpg": (cmyk, {"quality": 90}),
        "palette.gif": (palette, {}),
        "rgb.bmp": (rgb, {}),
        "rgba.bmp": (rgba, {}),
        "rgb.tif": (rgb, {"compression": "tiff_lzw"}),
        "cmyk.tif": (cmyk, {}),
    }
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save[f"turned_{orientation}.png"] = (rgb, {"exif": exif})
    exif = Image.Exif()
    exif[0x0112] = 6
    save["turned_6.jpg"] = (rgb, {"exif": exif, "quality": 90})
    save["turned_6.tif"] = (rgb, {"exif": exif})
    for name, (image, options) in save.items():
        image.save(OUT / name, **options)
    # Adobe's marker says that the inks were transformed to YCCK: the same bytes mean other colours
    jpeg = (OUT / "cmyk.jpg").read_bytes()
    place = jpeg.index(b"Adobe") + 11
    assert jpeg[place] == 0
    (OUT / "ycck.jpg").write_bytes(jpeg[:place] + b"\x02" + jpeg[place + 1:])
    expected = {}
    for file in sorted(OUT.iterdir()):
        if file.suffix != ".json":
            expected[file.name] = encoded(ImageOps.exif_transpose(Image.open(file)).convert("RGB"))
    resized = []
    for number in range(FILTERS):
        for width, height in [(5, 4), (30, 3), (12, 20), (7, 9)]:
            result = rgb.resize((width, height), number)
            resized.append({"resample": number, **encoded(result)})
    (OUT / "expected.json").write_text(json.dumps({"decoded": expected, "resized": resized}, indent=1) + "\n")


if __name__ == "__main__":
    main()
