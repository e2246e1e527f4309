package org.layerwise.data.token;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.RowPositions;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.data.image.ImageSource;
import org.layerwise.model.input.PixelBatch;

/**
 * Encoded image of each row, and the preprocessor that prepares images when a batch needs them.
 *
 * @param places positions of the rows, as messages name them
 * @param sources one image per row
 * @param preprocessor the preprocessor of the model
 */
public record RowImages(RowPositions places, List<ImageSource> sources, ImagePreprocessor preprocessor) {

    private static final int CHANNELS = 3;

    public RowImages {
        sources = List.copyOf(sources);
    }

    /** Creates images of rows with the numbers 1, 2, 3 and so on. */
    public RowImages(String location, List<ImageSource> sources, ImagePreprocessor preprocessor) {
        this(RowPositions.counted(location), sources, preprocessor);
    }

    /**
     * Returns the images of a dataset; null if it has none.
     *
     * @param use null for a model that takes no images
     * @throws UserException if there are images and the model takes none
     */
    static @Nullable RowImages of(Dataset data, @Nullable ImageUse use) {
        List<ImageSource> images = data.images();
        if (images == null) {
            return null;
        }
        if (use == null) {
            throw new UserException(
                    "%s has images, but the model sees none; leave out the image column or take a vision model."
                            .formatted(data.location()));
        }
        return new RowImages(data.places(), images, use.preprocessor());
    }

    /** Returns the images of some of the rows, in the given order. */
    RowImages select(int[] rows) {
        return new RowImages(
                places.select(rows), Arrays.stream(rows).mapToObj(sources::get).toList(), preprocessor);
    }

    /**
     * Decodes and prepares the images of some rows, in their order.
     *
     * @throws UserException if an image cannot be read, or if the prepared images differ in size
     */
    public PixelBatch batch(int[] rows) {
        ImagePreprocessor.Pixels first = pixels(rows[0]);
        int size = first.values().length;
        float[] values = new float[Math.multiplyExact(rows.length, size)];
        System.arraycopy(first.values(), 0, values, 0, size);
        for (int i = 1; i < rows.length; i++) {
            ImagePreprocessor.Pixels next = pixels(rows[i]);
            requireSize(rows[i], next.height(), next.width(), rows[0], first.height(), first.width());
            System.arraycopy(next.values(), 0, values, i * size, size);
        }
        return new PixelBatch(rows.length, CHANNELS, first.height(), first.width(), values);
    }

    /**
     * Returns the encoded image of a row.
     *
     * @throws UserException if it cannot be read
     */
    public byte[] encoded(int row) {
        return sources.get(row).read(name(row));
    }

    /**
     * Decodes the image of a row into colour levels, before these become numbers.
     *
     * @throws UserException if it cannot be read
     */
    public ImagePreprocessor.Levels levels(int row) {
        return preprocessor.levels(sources.get(row), name(row));
    }

    /** Decodes as {@link #levels} does, and makes sure that the image has the size of the first row's. */
    public ImagePreprocessor.Levels levels(int row, int height, int width) {
        ImagePreprocessor.Levels found = levels(row);
        requireSize(row, found.height(), found.width(), 0, height, width);
        return found;
    }

    private void requireSize(int row, int height, int width, int first, int firstHeight, int firstWidth) {
        if (height != firstHeight || width != firstWidth) {
            throw new UserException(
                    "%s comes out as %s x %s pixels and the one of %s as %s x %s; the settings of the model's image processor must crop or resize all to one size."
                            .formatted(name(row), width, height, places.of(first), firstWidth, firstHeight));
        }
    }

    private ImagePreprocessor.Pixels pixels(int row) {
        return preprocessor.pixels(sources.get(row), name(row));
    }

    private String name(int row) {
        return "Image \"%s\" in %s".formatted(Excerpt.text(sources.get(row).text()), places.of(row));
    }
}
