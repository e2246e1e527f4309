package org.layerwise.data.image;

import static java.util.Map.entry;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import org.layerwise.base.UserException;

/** Colours of TIFF files. Refuses files for which the JDK's reader gives other colours than Pillow, or wrong ones. */
final class TiffColours {

    private static final int CHANNELS_OF_INK = 4;
    private static final int NONE = BaselineTIFFTagSet.COMPRESSION_NONE;
    private static final int UNSIGNED = BaselineTIFFTagSet.SAMPLE_FORMAT_UNSIGNED_INTEGER;

    /**
     * Supported colour spaces; others, such as CIELAB, are converted to RGB in different ways by different programs.
     */
    private static final Set<Integer> COLOURS = Set.of(
            BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_WHITE_IS_ZERO,
            BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_BLACK_IS_ZERO,
            BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_RGB,
            BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR,
            BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK,
            BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_Y_CB_CR);

    private static final Set<Integer> JPEG =
            Set.of(BaselineTIFFTagSet.COMPRESSION_JPEG, BaselineTIFFTagSet.COMPRESSION_OLD_JPEG);

    /** Tags of the positions of JPEG images in the file. */
    private static final List<Integer> POSITIONS = List.of(
            BaselineTIFFTagSet.TAG_STRIP_OFFSETS,
            BaselineTIFFTagSet.TAG_TILE_OFFSETS,
            BaselineTIFFTagSet.TAG_JPEG_INTERCHANGE_FORMAT);

    /** Compressions for which all programs follow the bit order that the file specifies; includes no compression. */
    private static final Set<Integer> FAX = Set.of(
            NONE,
            BaselineTIFFTagSet.COMPRESSION_CCITT_RLE,
            BaselineTIFFTagSet.COMPRESSION_CCITT_T_4,
            BaselineTIFFTagSet.COMPRESSION_CCITT_T_6);

    /** Values of fields that a file lacks, for all fields by which colours are read. */
    private static final Map<Integer, Integer> DEFAULTS = Map.ofEntries(
            entry(BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION, 0),
            entry(BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL, 1),
            entry(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE, 1),
            entry(BaselineTIFFTagSet.TAG_COMPRESSION, NONE),
            entry(BaselineTIFFTagSet.TAG_PLANAR_CONFIGURATION, BaselineTIFFTagSet.PLANAR_CONFIGURATION_CHUNKY),
            entry(BaselineTIFFTagSet.TAG_FILL_ORDER, BaselineTIFFTagSet.FILL_ORDER_LEFT_TO_RIGHT),
            entry(BaselineTIFFTagSet.TAG_PREDICTOR, BaselineTIFFTagSet.PREDICTOR_NONE),
            entry(BaselineTIFFTagSet.TAG_EXTRA_SAMPLES, 0),
            entry(BaselineTIFFTagSet.TAG_SAMPLE_FORMAT, UNSIGNED));

    private TiffColours() {}

    /**
     * Reads the colours of a file.
     *
     * @throws UserException if the JDK's reader gives other colours than the file contains, or if it would take too
     *     long
     */
    static RgbImage read(ImageReader reader, byte[] file, String name) throws IOException {
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
        requireReadable(directory, file, name);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (JPEG.contains(number(directory, BaselineTIFFTagSet.TAG_COMPRESSION))) {
            POSITIONS.stream()
                    .map(directory::getTIFFField)
                    .flatMapToLong(field -> field == null ? LongStream.empty() : LongStream.of(field.getAsLongs()))
                    .distinct()
                    .forEach(start -> JpegScans.requireFew(file, start, pixels, name));
        }
        BufferedImage decoded = reader.read(0);
        TIFFField map = directory.getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);
        return Colours.rgb(decoded.getRaster(), map == null ? decoded.getColorModel() : palette(map.getAsInts()), name);
    }

    private static void requireReadable(TIFFDirectory directory, byte[] file, String name) {
        int colours = number(directory, BaselineTIFFTagSet.TAG_PHOTOMETRIC_INTERPRETATION);
        int samples = number(directory, BaselineTIFFTagSet.TAG_SAMPLES_PER_PIXEL);
        int bits = number(directory, BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);
        int compression = number(directory, BaselineTIFFTagSet.TAG_COMPRESSION);
        boolean palette = colours == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_PALETTE_COLOR;
        boolean looked = palette && samples == 1 && bits <= Byte.SIZE;
        boolean mapped = directory.containsTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);
        // the reader treats four channels as inverted inks, even if they are not
        boolean inverted = samples >= CHANNELS_OF_INK && JPEG.contains(compression);
        boolean inks = colours == BaselineTIFFTagSet.PHOTOMETRIC_INTERPRETATION_CMYK;
        // Pillow does not read separate planes of 16 bits
        boolean planes = number(directory, BaselineTIFFTagSet.TAG_PLANAR_CONFIGURATION)
                == BaselineTIFFTagSet.PLANAR_CONFIGURATION_PLANAR;
        // Pillow reverses the bits of compressed bytes, the JDK's reader those of decompressed bytes
        boolean turned =
                number(directory, BaselineTIFFTagSet.TAG_FILL_ORDER) == BaselineTIFFTagSet.FILL_ORDER_RIGHT_TO_LEFT;
        boolean readable = COLOURS.contains(colours)
                && number(directory, BaselineTIFFTagSet.TAG_SAMPLE_FORMAT) == UNSIGNED
                && palette == looked
                && palette == mapped
                && !inverted
                && !(inks && bits != Byte.SIZE)
                && !(planes && bits > Byte.SIZE)
                && !(turned && !FAX.contains(compression))
                && isWhole(directory, file);
        if (!readable) {
            throw new UserException("%s is a TIFF that holds its colours in a way that cannot be read; save it as PNG."
                    .formatted(name));
        }
    }

    /** Returns a palette of the higher 8 of 16 bits, as Pillow does; the JDK's reader scales and rounds down. */
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

    private static int number(TIFFDirectory directory, int tag) {
        TIFFField field = directory.getTIFFField(tag);
        return field == null ? DEFAULTS.getOrDefault(tag, 0) : field.getAsInt(0);
    }

    /** Returns true if the JDK's reader has all numbers; it skips fields of a type that TIFF does not allow for them. */
    private static boolean isWhole(TIFFDirectory directory, byte[] file) {
        return DEFAULTS.entrySet().stream()
                .allMatch(each -> number(directory, each.getKey())
                        == TiffEntry.find(file, each.getKey())
                                .map(TiffEntry::number)
                                .orElse(each.getValue().longValue()));
    }
}
