package org.layerwise.study;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.Compatibility;
import org.layerwise.data.DataSource;
import org.layerwise.data.SampleTasks;
import org.layerwise.data.Sampling;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/**
 * Which rows are used, as the flags {@code --data --text --label --image --preset --samples --sampling --sampling-seed
 * --max-length --batch --compat} say.
 *
 * @param data a file, a pattern such as {@code data/*.parquet}, a folder, or {@code sample:definitions}, {@code
 *     sample:acceptability}
 * @param text column of the text, or two columns of a pair with a comma between; null to find them by usual names
 * @param label column of the label; null to find it by usual names
 * @param image column of an image a row, for models that see; null for none
 * @param preset the kind of dataset, whose columns are known; null for none
 * @param samples how many rows; null for {@value #DEFAULT_SAMPLES}, {@link #ALL} for all; or all if there are fewer
 * @param sampling which rows, where there are more
 * @param samplingSeed of the rows that are drawn
 * @param maxLength tokens a row; longer text is cut
 * @param batch rows a batch; null for a token budget where a model is measured, {@value #DEFAULT_BATCH} where it is trained
 * @param compatibility where to treat tokens as the reference implementation does; none by default
 */
public record DataSettings(
        String data,
        @Nullable String text,
        @Nullable String label,
        @Nullable String image,
        @Nullable TaskPreset preset,
        @Nullable Integer samples,
        Sampling sampling,
        long samplingSeed,
        int maxLength,
        @Nullable Integer batch,
        Set<Compatibility> compatibility) {

    /** Every row, as a number of samples. */
    public static final int ALL = Integer.MAX_VALUE;

    /** The seed of drawn rows when nothing is said. */
    public static final long DEFAULT_SAMPLING_SEED = 42;

    public DataSettings {
        compatibility = Collections.unmodifiableSet(
                compatibility.isEmpty() ? EnumSet.noneOf(Compatibility.class) : EnumSet.copyOf(compatibility));
    }

    /** The first rows, without a preset or switches. */
    public DataSettings(
            String data,
            @Nullable String text,
            @Nullable String label,
            @Nullable String image,
            @Nullable Integer samples,
            int maxLength,
            @Nullable Integer batch) {
        this(
                data,
                text,
                label,
                image,
                null,
                samples,
                Sampling.FIRST,
                DEFAULT_SAMPLING_SEED,
                maxLength,
                batch,
                Set.of());
    }

    /** The sample task that a model learns in a minute. */
    public static final String DEFINITIONS = SampleTasks.DEFINITIONS;

    /** The sample task that is hard. */
    public static final String ACCEPTABILITY = SampleTasks.ACCEPTABILITY;

    /** Rows that are used when nothing is said. */
    public static final int DEFAULT_SAMPLES = 512;

    /** Tokens a row when nothing is said. */
    public static final int DEFAULT_MAX_LENGTH = 128;

    /** Rows a batch in training when nothing is said. */
    public static final int DEFAULT_BATCH = 16;

    /** The defaults for some data. */
    public static DataSettings of(String data) {
        return new DataSettings(data, null, null, null, null, DEFAULT_MAX_LENGTH, null);
    }

    /** Whether some data are a sample task and not a file. */
    public static boolean isSample(String data) {
        return SampleTasks.isSample(data);
    }

    /** The same with the columns of a kind of dataset; null for the usual ones. */
    public DataSettings withPreset(@Nullable TaskPreset other) {
        return new DataSettings(
                data, text, label, image, other, samples, sampling, samplingSeed, maxLength, batch, compatibility);
    }

    /** The same with other rows. */
    public DataSettings withSampling(Sampling other, long seed) {
        return new DataSettings(
                data, text, label, image, preset, samples, other, seed, maxLength, batch, compatibility);
    }

    /** The same with another number of rows; null for the default, {@link #ALL} for all. */
    public DataSettings withSamples(@Nullable Integer other) {
        return new DataSettings(
                data, text, label, image, preset, other, sampling, samplingSeed, maxLength, batch, compatibility);
    }

    /** The same with another limit of tokens a row. */
    public DataSettings withMaxLength(int other) {
        return new DataSettings(
                data, text, label, image, preset, samples, sampling, samplingSeed, other, batch, compatibility);
    }

    /** The same with another number of rows a batch; null for the default. */
    public DataSettings withBatch(@Nullable Integer other) {
        return new DataSettings(
                data, text, label, image, preset, samples, sampling, samplingSeed, maxLength, other, compatibility);
    }

    /** The same with other switches. */
    public DataSettings withCompatibility(Set<Compatibility> others) {
        return new DataSettings(
                data, text, label, image, preset, samples, sampling, samplingSeed, maxLength, batch, others);
    }

    /** The same of other data, read in the same way; a sample task has columns of its own. */
    public DataSettings with(String other) {
        boolean sample = isSample(other);
        return new DataSettings(
                other,
                sample ? null : text,
                sample ? null : label,
                sample ? null : image,
                sample ? null : preset,
                samples,
                sampling,
                samplingSeed,
                maxLength,
                batch,
                compatibility);
    }

    /** MNLI's rows of other genres, read in the same way. */
    public DataSettings ofMismatched(String other) {
        return with(other).withPreset(TaskPreset.MNLI_MISMATCHED);
    }

    /** The files that are read; empty for a sample task, and where there are none. */
    List<Path> files() {
        return source(Split.TRAIN).files();
    }

    /** Where the rows come from, as the reader takes it. */
    DataSource source(Split split) {
        int wanted = samples == null ? DEFAULT_SAMPLES : samples;
        return new DataSource(
                data,
                ColumnMapping.parse(text, label).withImage(image),
                wanted == ALL ? null : wanted,
                split,
                preset,
                sampling,
                samplingSeed);
    }
}
