package org.layerwise.data.image;

import java.nio.file.Path;
import java.util.Arrays;
import org.layerwise.base.UserException;

/**
 * Prepares images for a vision tower, as transformers' {@code CLIPImageProcessor} does with the output of
 * {@code load_image}: turned upright by EXIF, RGB without alpha, resized, cropped around the centre, rescaled,
 * normalised. {@code do_convert_rgb} has no effect, since {@code load_image} always converts. Immutable; safe to share
 * between threads.
 */
public final class ImagePreprocessor {

    private static final int LEVELS = 256;

    private final PreprocessorConfig config;
    private final float[][] values;

    private ImagePreprocessor(PreprocessorConfig config) {
        this.config = config;
        this.values = values(config);
    }

    /**
     * Image as channels of numbers.
     *
     * @param height rows
     * @param width columns
     * @param values {@code [3, height, width]}: red, green, blue
     */
    public record Pixels(int height, int width, float[] values) {}

    /**
     * Image before its levels become numbers.
     *
     * @param levels {@code [3, height, width]}, 0 to 255; not copied
     */
    public record Levels(int height, int width, byte[] levels) {}

    /**
     * Reads a {@code preprocessor_config.json}.
     *
     * @throws UserException if it is missing or broken, names another image processor than CLIP's, or has an unknown
     *     setting
     */
    public static ImagePreprocessor read(Path preprocessorConfig) {
        return new ImagePreprocessor(PreprocessorConfig.read(preprocessorConfig));
    }

    /**
     * Reads the settings of a model: {@code image_processor} in a {@code processor_config.json}, as transformers 5
     * writes them, or else a {@code preprocessor_config.json}.
     *
     * @param folder folder of the checkpoint
     * @throws UserException as {@link #read}
     */
    public static ImagePreprocessor ofModel(Path folder) {
        return new ImagePreprocessor(PreprocessorConfig.ofModel(folder));
    }

    /**
     * Decodes and prepares an image.
     *
     * @param name name of the image in messages, for the beginning of a sentence
     * @throws UserException if the image cannot be read, is broken, or is too large
     */
    public Pixels pixels(ImageSource source, String name) {
        Levels found = levels(source, name);
        int area = found.height() * found.width();
        float[] result = new float[found.levels().length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i / area][found.levels()[i] & 0xFF];
        }
        return new Pixels(found.height(), found.width(), result);
    }

    /** Returns all settings that affect the result as text, which is equal for files with equal settings. */
    public String settings() {
        return "resize %s, resampling %s, crop %s, rescale %s, normalize %s"
                .formatted(config.resize(), config.resampling(), config.crop(), config.rescale(), config.normalize());
    }

    /**
     * Returns a copy of the number for each of 256 levels, {@code [channel][level]}, which maps {@link #levels} to
     * {@link #pixels}.
     */
    public float[][] values() {
        return Arrays.stream(values).map(float[]::clone).toArray(float[][]::new);
    }

    /**
     * Decodes, turns, resizes and crops an image as {@link #pixels} does, but does not rescale it; each value is a
     * byte.
     */
    public Levels levels(ImageSource source, String name) {
        RgbImage image = ImageDecoder.decode(source.read(name), name);
        RgbImage resized = config.resize() == null ? image : resized(image, config.resize(), name);
        PreprocessorConfig.Size crop = config.crop();
        return crop == null
                ? levels(resized, 0, 0, resized.height(), resized.width())
                : levels(
                        resized,
                        offset(resized.height(), crop.height()),
                        offset(resized.width(), crop.width()),
                        crop.height(),
                        crop.width());
    }

    private RgbImage resized(RgbImage image, PreprocessorConfig.Resize resize, String name) {
        int height = resize.height();
        int width = resize.width();
        if (resize.shortestEdge()) {
            int edge = resize.height();
            boolean portrait = image.width() <= image.height();
            int shorter = Math.min(image.width(), image.height());
            int longer = Math.max(image.width(), image.height());
            // same rounding as int(edge * longer / shorter) in Python
            int other = (int) ((double) ((long) edge * longer) / shorter);
            height = portrait ? other : edge;
            width = portrait ? edge : other;
        }
        if ((long) height * width > ImageDecoder.MOST_PIXELS) {
            throw new UserException(
                    "%s has %s x %s pixels, too thin for this model: it would be resized to %s x %s; crop it."
                            .formatted(name, image.width(), image.height(), width, height));
        }
        return Resampler.resize(image, width, height, config.resampling());
    }

    /**
     * Returns the first position of the crop; negative if the image is smaller and is padded with zeros, at the start
     * with one more than at the end if their number is odd.
     */
    private static int offset(int size, int crop) {
        return Math.floorDiv(size - crop, 2);
    }

    private static Levels levels(RgbImage image, int top, int left, int height, int width) {
        byte[] result = new byte[RgbImage.CHANNELS * height * width];
        int target = 0;
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            for (int y = top; y < top + height; y++) {
                for (int x = left; x < left + width; x++) {
                    boolean inside = y >= 0 && y < image.height() && x >= 0 && x < image.width();
                    result[target++] = inside ? image.rgb()[image.offset(x, y) + channel] : 0;
                }
            }
        }
        return new Levels(height, width, result);
    }

    /** Returns the number for each of 256 levels, {@code [channel][level]}, rounded to float as numpy does. */
    private static float[][] values(PreprocessorConfig config) {
        float[][] values = new float[RgbImage.CHANNELS][LEVELS];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            for (int level = 0; level < LEVELS; level++) {
                float value = config.rescale() == null ? level : (float) (level * config.rescale());
                PreprocessorConfig.Normalize normalize = config.normalize();
                values[channel][level] = normalize == null
                        ? value
                        : (value - normalize.means().get(channel).floatValue())
                                / normalize.deviations().get(channel).floatValue();
            }
        }
        return values;
    }
}
