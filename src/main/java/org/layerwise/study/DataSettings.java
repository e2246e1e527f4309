package org.layerwise.study;

import org.jspecify.annotations.Nullable;
import org.layerwise.data.SampleTasks;

/**
 * Which rows are used, as the flags {@code --data --text --label --image --samples --max-length --batch} say.
 *
 * @param data a file, or {@code sample:definitions}, {@code sample:acceptability}
 * @param text column of the text, or two columns of a pair with a comma between; null to find them by usual names
 * @param label column of the label; null to find it by usual names
 * @param image column of an image a row, for models that see; null for none
 * @param samples how many rows from the first on; null for {@value #DEFAULT_SAMPLES}, or all if there are fewer
 * @param maxLength tokens a row; longer text is cut
 * @param batch rows a batch; null for a token budget where a model is measured, {@value #DEFAULT_BATCH} where it is trained
 */
public record DataSettings(
        String data,
        @Nullable String text,
        @Nullable String label,
        @Nullable String image,
        @Nullable Integer samples,
        int maxLength,
        @Nullable Integer batch) {

    /** The sample task that a model learns in a minute. */
    public static final String DEFINITIONS = SampleTasks.DEFINITIONS;

    /** The sample task that is hard. */
    public static final String ACCEPTABILITY = SampleTasks.ACCEPTABILITY;

    /** Rows that are used when nothing is said. */
    public static final int DEFAULT_SAMPLES = 512;

    /** More rows than any data has: all of them. */
    public static final int ALL = Integer.MAX_VALUE;

    /** Tokens a row when nothing is said. */
    public static final int DEFAULT_MAX_LENGTH = 128;

    /** Rows a batch in training when nothing is said. */
    public static final int DEFAULT_BATCH = 16;

    /** The defaults for some data. */
    public static DataSettings of(String data) {
        return new DataSettings(data, null, null, null, null, DEFAULT_MAX_LENGTH, null);
    }

    /** The same with so many rows; {@link #ALL} for all. */
    public DataSettings withSamples(int number) {
        return new DataSettings(data, text, label, image, number, maxLength, batch);
    }

    /** Whether some data are a sample task and not a file. */
    public static boolean isSample(String data) {
        return SampleTasks.isSample(data);
    }

    /** The same in batches of another size; null for the usual one. */
    public DataSettings withBatch(@Nullable Integer other) {
        return new DataSettings(data, text, label, image, samples, maxLength, other);
    }

    /** The same of other data, read in the same way; a sample task has columns of its own. */
    DataSettings with(String other) {
        boolean sample = isSample(other);
        return new DataSettings(
                other, sample ? null : text, sample ? null : label, sample ? null : image, samples, maxLength, batch);
    }
}
