"""Makes src/test/resources/golden/images: small pictures of many kinds, and what Pillow makes of them.

Needs Pillow 13 and numpy; expected.json holds base64 of RGB bytes. Run from the root of the repository.
"""

import base64
import json
import pathlib
import struct

import numpy as np
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

OUT = pathlib.Path("src/test/resources/golden/images")
WIDTH, HEIGHT = 12, 9
FILTERS = 6
# TIFFs of which the JDK gives other colours
REFUSED = ["palette_alpha.tif", "packed_cmyk.tif", "packed_rgba.tif"]
XMP_6 = '<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'


def picture(channels):
    """A smooth picture with a little noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = [127 + 90 * np.sin(x / 3.0 + k) + 30 * np.cos(y / 2.0 * (k + 1)) for k in range(channels)]
    noisy = np.stack(waves, -1) + np.random.default_rng(channels).normal(0, 8, (HEIGHT, WIDTH, channels))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def encoded(image):
    return {"width": image.width, "height": image.height, "rgb": base64.b64encode(image.tobytes()).decode()}


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def icc(space):
    """A profile for b"RGB " with the primaries of Display P3, or for b"GRAY"."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    number = struct.unpack(">I", srgb[128:132])[0]
    places = [struct.unpack(">4sII", srgb[132 + 12 * i:144 + 12 * i]) for i in range(number)]
    tags = {tag: srgb[place:place + length] for tag, place, length in places}
    primaries = {b"rXYZ": (0.51512, 0.2412, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.1571, 0.06657, 0.78407)}
    for tag, levels in primaries.items():
        tags[tag] = b"XYZ \0\0\0\0" + struct.pack(">3i", *[round(level * 65536) for level in levels])
    if space == b"GRAY":
        tags = {b"wtpt": tags[b"wtpt"], b"kTRC": tags[b"rTRC"]}
    for text in [b"desc", b"cprt", b"chrm", b"chad", b"dmnd", b"dmdd"]:
        tags.pop(text, None)
    table, data = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, 132 + 12 * len(tags) + len(data), len(content))
        data += content + b"\0" * (-len(content) % 4)
    # the header has the length, the version, the kind of device, the colours, the time and more
    head = struct.pack(">I", 128 + len(table) + len(data)) + srgb[4:16] + space + srgb[20:24] + bytes(12) + srgb[36:128]
    return head + table + data


def adobe(transform):
    """A segment APP14 of a JPEG; the transform tells how colours are coded: 0 not, 1 as YCbCr, 2 as YCCK."""
    return b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])


def exif_with(*entries):
    """EXIF with one directory of entries of tag 274: their types, counts and numbers."""
    table = b"".join(struct.pack("<HHI4s", 274, kind, count, number) for kind, count, number in entries)
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + b"\0\0\0\0"


def turned(rgb):
    """JPEGs with an orientation of all types of whole numbers, and with some that do not count."""
    types = {"sbyte": (6, "b"), "sshort": (8, "<h"), "long": (4, "<I"), "slong": (9, "<i"), "directory": (13, "<I")}
    for name, (kind, number) in types.items():
        rgb.save(OUT / f"turned_6_{name}.jpg", quality=90, exif=exif_with((kind, 1, struct.pack(number, 6))))
    six, three = b"\x06\0\0\0", b"\x03\0\0\0"
    rgb.save(OUT / "turned_twice.jpg", quality=90, exif=exif_with((3, 1, six), (3, 1, three)))
    rgb.save(OUT / "turned_two_numbers.jpg", quality=90, exif=exif_with((3, 2, b"\x06\0\x03\0")))
    rgb.save(OUT / "turned_no_number.jpg", quality=90, exif=exif_with((3, 0, three)), xmp=XMP_6.encode())
    rgb.save(OUT / "turned_unknown.jpg", quality=90, exif=exif_with((99, 1, three)), xmp=XMP_6.encode())
    rgb.save(OUT / "upright_byte.jpg", quality=90, exif=exif_with((1, 1, three)), xmp=XMP_6.encode())
    rgb.save(OUT / "turned_6_xmp.tif", tiffinfo={700: XMP_6.encode()})


def jpegs(rgb, grey, cmyk, profile, grey_profile):
    """JPEGs with profiles, which Pillow ignores, and with all of Adobe's transforms."""
    rgb.save(OUT / "profile.jpg", quality=90, icc_profile=profile)
    rgb.save(OUT / "profile_grey.jpg", quality=90, icc_profile=grey_profile)
    rgb.save(OUT / "untransformed.jpg", quality=90, keep_rgb=True)
    rgb.save(OUT / "untransformed_profile.jpg", quality=90, keep_rgb=True, icc_profile=profile)
    grey.save(OUT / "grey_profile.jpg", quality=90, icc_profile=grey_profile)
    grey.save(OUT / "grey_profile_rgb.jpg", quality=90, icc_profile=profile)
    cmyk.save(OUT / "cmyk_profile.jpg", quality=90, icc_profile=profile)
    jpeg = (OUT / "profile.jpg").read_bytes()
    place = jpeg.index(b"ICC_PROFILE\0") + 12
    # the second of one part
    (OUT / "profile_parts.jpg").write_bytes(jpeg[:place] + b"\x02" + jpeg[place + 1:])
    (OUT / "profile_jpeg.tif").write_bytes(tiff(jpeg))
    plain = (OUT / "rgb.jpg").read_bytes()
    for transform in range(3):
        (OUT / f"jfif_adobe_{transform}.jpg").write_bytes(plain[:20] + adobe(transform) + plain[20:])
        (OUT / f"adobe_{transform}.jpg").write_bytes(plain[:2] + adobe(transform) + plain[20:])
    jpeg = (OUT / "cmyk.jpg").read_bytes()
    place = jpeg.index(b"Adobe") - 4
    (OUT / "cmyk_adobe_1.jpg").write_bytes(jpeg[:place] + adobe(1) + jpeg[place + 16:])
    (OUT / "cmyk_unnamed.jpg").write_bytes(jpeg[:place] + adobe(2).replace(b"Adobe", b"Other") + jpeg[place + 16:])


def tiff(jpeg):
    """A TIFF with one strip, a JPEG of YCbCr."""
    fields = {256: WIDTH, 257: HEIGHT, 258: 8, 259: 7, 262: 6, 273: 200, 277: 3, 278: HEIGHT, 279: len(jpeg)}
    entries = b"".join(struct.pack("<HHII", tag, 4 if tag in (273, 279) else 3, 1, value) for tag, value in fields.items())
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + entries).ljust(200, b"\0") + jpeg


def unnamed(jpeg, names):
    """A JPEG without JFIF's segment, its channels called by other numbers than 1, 2, 3."""
    result = bytearray(jpeg[:2])
    place = 2
    while True:
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2:place + 4], "big")
        segment = bytearray(jpeg[place:place + 2 + length])
        place += len(segment)
        if marker == 0xC0:
            segment[10:19:3] = names
        if marker == 0xDA:
            segment[5:11:2] = names
            return bytes(result + segment + jpeg[place:])
        if marker != 0xE0:
            result += segment


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
        "palette.tif": (palette, {}),
        "palette_alpha.tif": (rgba.convert("PA"), {}),
        "packed_cmyk.tif": (cmyk, {"compression": "jpeg"}),
        "packed_rgba.tif": (rgba, {"compression": "jpeg"}),
    }
    for orientation in range(2, 9):
        save[f"turned_{orientation}.png"] = (rgb, {"exif": exif_of(orientation)})
    exif = exif_of(6)
    save["turned_6.jpg"] = (rgb, {"exif": exif, "quality": 90})
    save["turned_6.tif"] = (rgb, {"exif": exif})
    save["turned_6_xmp.jpg"] = (rgb, {"xmp": XMP_6.encode(), "quality": 90})
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", XMP_6)
    save["turned_6_xmp.png"] = (rgb, {"pnginfo": texts})
    # EXIF's tag goes before XMP's
    save["upright_xmp.png"] = (rgb, {"pnginfo": texts, "exif": exif_of(1)})
    for packed in [False, True]:
        digits = exif.tobytes().hex()
        lines = [digits[start:start + 72] for start in range(0, len(digits), 72)]
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Raw profile type exif", "\n".join(["", "exif", f"{len(digits) // 2:8}", *lines, ""]), zip=packed)
        save[f"turned_6_text{'_packed' if packed else ''}.png"] = (rgb, {"pnginfo": texts})
    for name, (image, options) in save.items():
        image.save(OUT / name, **options)
    # Adobe's marker says that the inks were transformed to YCCK: the same bytes mean other colours
    jpeg = (OUT / "cmyk.jpg").read_bytes()
    place = jpeg.index(b"Adobe") + 11
    assert jpeg[place] == 0
    (OUT / "ycck.jpg").write_bytes(jpeg[:place] + b"\x02" + jpeg[place + 1:])
    # channels of one size that nothing names: YCbCr to libjpeg, RGB to the JDK
    rgb.save(OUT / "unnamed.jpg", quality=90, subsampling=0)
    (OUT / "unnamed.jpg").write_bytes(unnamed((OUT / "unnamed.jpg").read_bytes(), [0, 1, 2]))
    jpegs(rgb, grey, cmyk, icc(b"RGB "), icc(b"GRAY"))
    turned(rgb)
    rgb.save(OUT / "profile.png", icc_profile=icc(b"RGB "))
    cmyk.save(OUT / "cmyk_profile.tif", icc_profile=icc(b"RGB "))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    rgb.save(OUT / "profile_lab.tif", icc_profile=lab[:24] + bytes(12) + lab[36:])
    # the colours count as multiplied by the opacity, where the extra sample is said to be of kind 1
    seen = rgba.copy()
    seen.putalpha(Image.fromarray(np.arange(WIDTH * HEIGHT, dtype=np.uint8).reshape(HEIGHT, WIDTH) * 2 + 40))
    seen.putpixel((3, 3), (9, 8, 7, 0))
    seen.save(OUT / "multiplied.tif")
    tiff = (OUT / "multiplied.tif").read_bytes()
    kind = bytes.fromhex("5201 0300 01000000")
    assert tiff.count(kind + b"\x02\0") == 1
    (OUT / "multiplied.tif").write_bytes(tiff.replace(kind + b"\x02\0", kind + b"\x01\0"))
    expected = {}
    for file in sorted(OUT.iterdir()):
        if file.suffix != ".json" and file.name not in REFUSED:
            expected[file.name] = encoded(ImageOps.exif_transpose(Image.open(file)).convert("RGB"))
    resized = []
    for number in range(FILTERS):
        for width, height in [(5, 4), (30, 3), (12, 20), (7, 9)]:
            result = rgb.resize((width, height), number)
            resized.append({"resample": number, **encoded(result)})
    (OUT / "expected.json").write_text(json.dumps({"decoded": expected, "resized": resized}, indent=1) + "\n")


if __name__ == "__main__":
    main()
