package org.layerwise.study;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.Compatibility;
import org.layerwise.data.DataSource;
import org.layerwise.data.SampleTasks;
import org.layerwise.data.Sampling;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;
import org.layerwise.settings.Range;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingType;
import org.layerwise.settings.SettingValues;

/**
 * Which rows are used, and how they become tokens.
 *
 * @param data a file, a pattern such as {@code data/*.parquet}, a folder, or {@code sample:definitions}, {@code
 *     sample:acceptability}
 * @param values of {@link #VALUES}
 */
public record DataSettings(String data, SettingValues values) {

    /** Every row, as a number of samples. */
    public static final int ALL = Integer.MAX_VALUE;

    /** The sample task that a model learns in a minute. */
    public static final String DEFINITIONS = SampleTasks.DEFINITIONS;

    /** The sample task that is hard. */
    public static final String ACCEPTABILITY = SampleTasks.ACCEPTABILITY;

    /** Rows that are used when nothing is said. */
    public static final int DEFAULT_SAMPLES = 512;

    /** Rows a batch in training when nothing is said. */
    public static final int DEFAULT_BATCH = 16;

    /** Tokens per row when nothing is said. */
    public static final int DEFAULT_MAX_LENGTH = 128;

    /** The seed of drawn rows when nothing is said. */
    public static final long DEFAULT_SAMPLING_SEED = 42;

    private static final Range COUNT = Range.atLeast(1);
    private static final int MOST_TEXTS = 2;

    /** Column of the text, or two columns of a pair with a comma between; by default found by usual names. */
    public static final Setting<String> TEXT = Setting.of(
                    "text",
                    SettingType.of(
                            SettingType.Kind.LIST,
                            "COL[,COL2]",
                            "COL or COL,COL2",
                            DataSettings::columns,
                            columns -> columns),
                    null)
            .defaultText("found by its usual names")
            .title("Text")
            .help("Column of the text, and of the second text of a pair.");

    /** Column of the label; by default found by usual names. */
    public static final Setting<String> LABEL = Setting.text("label")
            .label("COL")
            .defaultText("found by its usual names")
            .title("Label")
            .help("Column of the label.");

    public static final Setting<String> IMAGE = Setting.text("image")
            .label("COL")
            .title("Image")
            .help(
                    "Column of an image per row, for models that see images: a path relative to the data file, or the image's"
                            + " bytes; --text is then the user's prompt.");

    public static final Setting<TaskPreset> PRESET = Setting.choice("preset", TaskPreset.class, TaskPreset::id, null)
            .label("TASK")
            .title("Preset")
            .help("Kind of data, whose columns and prompt are known.");

    /** Number of rows, {@link #ALL} for all; by default {@value #DEFAULT_SAMPLES}. */
    public static final Setting<Integer> SAMPLES = Setting.whole("samples", null)
            .in(COUNT)
            .defaultText(DEFAULT_SAMPLES + ", or all if there are fewer")
            .title("Samples")
            .help("Number of rows to take.");

    public static final Setting<Sampling> SAMPLING = Setting.choice(
                    "sampling", Sampling.class, Sampling::id, Sampling.FIRST)
            .title("Sampling")
            .help("Rows to take: the first ones, drawn ones, or drawn ones of which each class keeps its share.");

    public static final Setting<Long> SAMPLING_SEED = Setting.large("sampling-seed", DEFAULT_SAMPLING_SEED)
            .onlyIf(values -> values.get(SAMPLING) != Sampling.FIRST)
            .title("Sampling seed")
            .help("Seed of the rows that are drawn.");

    public static final Setting<Integer> MAX_LENGTH = Setting.whole("max-length", DEFAULT_MAX_LENGTH)
            .in(COUNT)
            .defaultText(DEFAULT_MAX_LENGTH + ", or the model's positions if fewer; for generate no limit")
            .title("Max length")
            .help("Tokens per row; longer text is cut, rows of input_ids never are.");

    /** Rows per batch; by default {@value #DEFAULT_BATCH} in training, otherwise as many as suit the device. */
    public static final Setting<Integer> BATCH = Setting.whole("batch", null)
            .in(COUNT)
            .defaultText(DEFAULT_BATCH
                    + " for train; evaluate, extract, analyze and generate take as many as suit the device")
            .title("Batch size")
            .help("Rows per batch.");

    public static final Setting<List<Compatibility>> COMPAT = Setting.of(
                    "compat",
                    SettingType.choices(Compatibility.class, Compatibility::id).labelled("SWITCH[,SWITCH]"),
                    List.<Compatibility>of())
            .defaultText("neither")
            .title("Compatibility")
            .help("Treat tokens as the reference implementation does: eos-is-padding masks every end-of-sequence token,"
                    + " no-token-types gives both texts of a pair the same type.");

    /** All settings whose values are in {@link #values}, in the order in which files list them. */
    public static final List<Setting<?>> VALUES =
            List.of(TEXT, LABEL, IMAGE, PRESET, SAMPLES, SAMPLING, SAMPLING_SEED, MAX_LENGTH, BATCH, COMPAT);

    /** The first rows, without a preset or switches; null for defaults. */
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
                SettingValues.none()
                        .with(TEXT, Optional.ofNullable(text))
                        .with(LABEL, Optional.ofNullable(label))
                        .with(IMAGE, Optional.ofNullable(image))
                        .with(SAMPLES, Optional.ofNullable(samples))
                        .with(MAX_LENGTH, maxLength)
                        .with(BATCH, Optional.ofNullable(batch)));
    }

    private static String columns(String text) {
        String[] columns = text.split(",", -1);
        if (columns.length > MOST_TEXTS || Arrays.stream(columns).anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /** Returns the defaults for some data. */
    public static DataSettings of(String data) {
        return new DataSettings(data, SettingValues.none());
    }

    /** Returns true if some data are a sample task and not a file. */
    public static boolean isSample(String data) {
        return SampleTasks.isSample(data);
    }

    /** Returns the column of the text, or two of a pair with a comma between; null to find them by usual names. */
    public @Nullable String text() {
        return values.find(TEXT).orElse(null);
    }

    /** Returns the column of the label; null to find it by usual names. */
    public @Nullable String label() {
        return values.find(LABEL).orElse(null);
    }

    /** Returns the column of an image per row; null for none. */
    public @Nullable String image() {
        return values.find(IMAGE).orElse(null);
    }

    /** Returns the kind of data; null for none. */
    public @Nullable TaskPreset preset() {
        return values.find(PRESET).orElse(null);
    }

    /** Returns the number of rows, {@link #ALL} for all; null for {@value #DEFAULT_SAMPLES}. */
    public @Nullable Integer samples() {
        return values.find(SAMPLES).orElse(null);
    }

    public Sampling sampling() {
        return values.get(SAMPLING);
    }

    public long samplingSeed() {
        return values.get(SAMPLING_SEED);
    }

    /** Returns the limit of tokens per row. */
    public int maxLength() {
        return values.get(MAX_LENGTH);
    }

    /** Returns the rows per batch; null for the default, which depends on the work. */
    public @Nullable Integer batch() {
        return values.find(BATCH).orElse(null);
    }

    /** Returns where tokens are treated as the reference implementation does. */
    public Set<Compatibility> compatibility() {
        return Set.copyOf(values.get(COMPAT));
    }

    /** Returns these settings with the columns of a kind of data; null for the usual ones. */
    public DataSettings withPreset(@Nullable TaskPreset other) {
        return with(values.with(PRESET, Optional.ofNullable(other)));
    }

    /** Returns these settings with other rows. */
    public DataSettings withSampling(Sampling other, long seed) {
        return with(values.with(SAMPLING, other).with(SAMPLING_SEED, seed));
    }

    /** Returns these settings with another number of rows; null for the default, {@link #ALL} for all. */
    public DataSettings withSamples(@Nullable Integer other) {
        return with(values.with(SAMPLES, Optional.ofNullable(other)));
    }

    /** Returns these settings with another limit of tokens per row. */
    public DataSettings withMaxLength(int other) {
        return with(values.with(MAX_LENGTH, other));
    }

    /** Returns these settings with another number of rows per batch; null for the default. */
    public DataSettings withBatch(@Nullable Integer other) {
        return with(values.with(BATCH, Optional.ofNullable(other)));
    }

    /** Returns these settings with other switches. */
    public DataSettings withCompatibility(Set<Compatibility> others) {
        return with(values.with(COMPAT, others.stream().sorted().toList()));
    }

    private DataSettings with(SettingValues others) {
        return new DataSettings(data, others);
    }

    /** Returns these settings for other data, read in the same way; a sample task has columns of its own. */
    public DataSettings with(String other) {
        return new DataSettings(
                other,
                isSample(other)
                        ? values.without(TEXT).without(LABEL).without(IMAGE).without(PRESET)
                        : values);
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
        int wanted = values.find(SAMPLES).orElse(DEFAULT_SAMPLES);
        return new DataSource(
                data,
                ColumnMapping.parse(text(), label()).withImage(image()),
                wanted == ALL ? null : wanted,
                split,
                preset(),
                sampling(),
                samplingSeed());
    }
}
