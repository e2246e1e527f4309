package org.layerwise.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.function.ObjIntConsumer;
import org.layerwise.base.UserException;

/**
 * Conversion to RGB as Pillow's {@code convert("RGB")}, for the output of the JDK's readers: palettes are looked up,
 * grey is repeated, alpha is dropped and not blended, the higher 8 of 16 bits are taken. The conversion uses the stored
 * numbers, since {@code BufferedImage.getRGB} would apply colour profiles and a linear grey.
 */
final class Colours {

    private Colours() {}

    /**
     * Returns the colours of all pixels.
     *
     * @throws UserException if the stored numbers are not colours of a supported kind
     */
    static RgbImage rgb(Raster raster, ColorModel model, String name) {
        if (model instanceof IndexColorModel palette) {
            return lookUpPalette(raster, palette);
        }
        int type = model.getColorSpace().getType();
        int bands = raster.getNumBands();
        requireBytes(raster, bands, name);
        boolean multiplied = model.hasAlpha() && model.isAlphaPremultiplied();
        if (bands == 4 && type == ColorSpace.TYPE_RGB && multiplied) {
            return divided(raster);
        }
        if (bands <= 2 && type == ColorSpace.TYPE_GRAY && !multiplied) {
            return picked(raster, new int[] {0, 0, 0});
        }
        if ((bands == 3 || bands == 4) && type == ColorSpace.TYPE_RGB) {
            return picked(raster, new int[] {0, 1, 2});
        }
        if (bands == 4 && type == ColorSpace.TYPE_CMYK) {
            return converted(raster, Colours::fromInks);
        }
        throw new UserException("%s holds %s a pixel in colours that cannot be read; save it in RGB."
                .formatted(name, bands == 1 ? "1 number" : bands + " numbers"));
    }

    /**
     * Returns red, green or blue from an ink and black, both 0 to 255, without rounding up twice (Pillow's cmyk2rgb).
     */
    private static int printed(int ink, int black) {
        int light = 255 - black;
        int product = ink * light + 128;
        return light - ((product >> 8) + product >> 8);
    }

    /** Converts CMYK to RGB. */
    static void fromInks(int[] row, int i) {
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            row[i + channel] = printed(row[i + channel], row[i + 3]);
        }
    }

    private static void requireBytes(Raster raster, int bands, String name) {
        int bits = raster.getSampleModel().getSampleSize(0);
        int type = raster.getDataBuffer().getDataType();
        boolean whole = type == DataBuffer.TYPE_BYTE
                || type == DataBuffer.TYPE_USHORT
                || type == DataBuffer.TYPE_INT && bits <= Byte.SIZE;
        // Pillow clips 16 bits of grey to 8 instead of scaling them, which gives a useless white picture
        if (!whole || bits > Byte.SIZE && bands <= 2) {
            throw new UserException("%s has %s bits a pixel and channel; save it with 8.".formatted(name, bits));
        }
    }

    private static RgbImage lookUpPalette(Raster raster, IndexColorModel palette) {
        RgbImage image = RgbImage.black(raster.getWidth(), raster.getHeight());
        int[] row = new int[raster.getWidth()];
        int target = 0;
        for (int y = 0; y < image.height(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) {
                int colour = index < palette.getMapSize() ? palette.getRGB(index) : 0;
                image.rgb()[target++] = (byte) (colour >> 16);
                image.rgb()[target++] = (byte) (colour >> 8);
                image.rgb()[target++] = (byte) colour;
            }
        }
        return image;
    }

    /** Returns the channels at three positions as red, green and blue, scaled to 0 to 255. */
    static RgbImage picked(Raster raster, int[] bands) {
        RgbImage image = RgbImage.black(raster.getWidth(), raster.getHeight());
        int[] row = new int[raster.getWidth()];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            int bits = raster.getSampleModel().getSampleSize(bands[channel]);
            int most = (1 << bits) - 1;
            int target = channel;
            for (int y = 0; y < image.height(); y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, bands[channel], row);
                for (int value : row) {
                    image.rgb()[target] = (byte) (bits > Byte.SIZE ? value >> bits - Byte.SIZE : value * 255 / most);
                    target += RgbImage.CHANNELS;
                }
            }
        }
        return image;
    }

    /**
     * Divides colours that are stored multiplied by their opacity by this opacity, as in Pillow's unpackRGBa;
     * transparent pixels become black.
     */
    private static RgbImage divided(Raster raster) {
        RgbImage image = picked(raster, new int[] {0, 1, 2});
        byte[] opacities = picked(raster, new int[] {3, 3, 3}).rgb();
        byte[] rgb = image.rgb();
        for (int i = 0; i < rgb.length; i++) {
            int opacity = opacities[i] & 0xFF;
            rgb[i] = (byte) (opacity == 0 ? 0 : Math.min(255, (rgb[i] & 0xFF) * 255 / opacity));
        }
        return image;
    }

    /**
     * Returns the pixels of a raster as red, green and blue.
     *
     * @param toRgb changes the first three numbers of the pixel at an index of a row
     */
    static RgbImage converted(Raster raster, ObjIntConsumer<int[]> toRgb) {
        RgbImage image = RgbImage.black(raster.getWidth(), raster.getHeight());
        int bands = raster.getNumBands();
        int[] row = new int[raster.getWidth() * bands];
        int target = 0;
        for (int y = 0; y < image.height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, image.width(), 1, row);
            for (int i = 0; i < row.length; i += bands) {
                toRgb.accept(row, i);
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    image.rgb()[target++] = (byte) row[i + channel];
                }
            }
        }
        return image;
    }
}
