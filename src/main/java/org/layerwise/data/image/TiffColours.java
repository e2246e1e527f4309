package org.layerwise.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import org.layerwise.base.UserException;

/** TIFFs, of which the JDK's reader gives some other colours than Pillow, or than anybody: those are refused. */
final class TiffColours {

    private static final int CHANNELS_OF_INK = 4;

    private TiffColours() {}

    /** @throws UserException if the JDK's reader gives other colours than the file holds */
    static RgbImage read(ImageReader reader, String name) throws IOException {
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
        requireReadable(directory, name);
        BufferedImage decoded = reader.read(0);
        TIFFField map = directory.getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);
        return Colours.rgb(decoded.getRaster(), map == null ? decoded.getColorModel() : palette(map.getAsInts()), name);
    }

    private static void requireReadable(TIFFDirectory directory, String name) {
        int samples = number(directory, BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1);
        int compression = number(directory, BaselineTIFFTagSet.TAG_COMPRESSION, 1);
        boolean palette = number(directory, BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION, 0)
                == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR;
        boolean looked =
                palette && samples == 1 && number(directory, BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE, 1) <= Byte.SIZE;
        boolean mapped = directory.containsTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);
        // four channels are taken for inverted inks, also where they are none
        boolean inks = samples >= CHANNELS_OF_INK
                && (compression == BaselineTIFFTagSet.COMPRESSION_JPEG
                        || compression == BaselineTIFFTagSet.COMPRESSION_OLD_JPEG);
        if (palette != looked || palette != mapped || inks) {
            throw new UserException("%s is a TIFF that holds its colours in a way that cannot be read; save it as PNG."
                    .formatted(name));
        }
    }

    /** The higher 8 of the 16 bits, as Pillow takes them; the JDK's reader scales and rounds down. */
    private static IndexColorModel palette(int[] map) {
        int size = map.length / RgbImage.CHANNELS;
        byte[][] colours = new byte[RgbImage.CHANNELS][size];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            for (int i = 0; i < size; i++) {
                colours[channel][i] = (byte) (map[channel * size + i] >> Byte.SIZE);
            }
        }
        return new IndexColorModel(Byte.SIZE, size, colours[0], colours[1], colours[2]);
    }

    private static int number(TIFFDirectory directory, int tag, int otherwise) {
        TIFFField field = directory.getTIFFField(tag);
        return field == null ? otherwise : field.getAsInt(0);
    }
}
