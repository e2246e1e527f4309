package org.layerwise.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.sample.SampleTasks;
import org.layerwise.data.token.ReferenceCompatibility;

/**
 * Settings of the rows to use and of their tokenization.
 *
 * @param data a file, a pattern such as {@code data/*.parquet}, a folder, or {@code sample:definitions}, {@code
 *     sample:acceptability}
 * @param values values of {@link #VALUES}
 */
public record DataSettings(String data, SettingValues values) {

    /** Number of samples that stands for all rows. */
    public static final int ALL = Integer.MAX_VALUE;

    /** Sample task that a model learns in a minute. */
    public static final String DEFINITIONS = SampleTasks.DEFINITIONS;

    /** Sample task that is hard to learn. */
    public static final String ACCEPTABILITY = SampleTasks.ACCEPTABILITY;

    /** Default number of rows. */
    public static final int DEFAULT_SAMPLES = 512;

    /** Default batch size in training. */
    public static final int DEFAULT_BATCH = 16;

    /** Default maximum number of tokens per row. */
    public static final int DEFAULT_MAX_LENGTH = 128;

    /** Default seed of randomly drawn rows. */
    public static final long DEFAULT_SAMPLING_SEED = 42;

    private static final Range COUNT = Range.atLeast(1);
    private static final int MOST_TEXTS = 2;

    /**
     * Column of the text, or the two columns of a pair separated by a comma; by default found by common column names.
     */
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

    /** Column of the label; by default found by common column names. */
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

    /** Number of rows, {@link #ALL} for all; the default is {@value #DEFAULT_SAMPLES}. */
    public static final Setting<Integer> SAMPLES = Setting.whole("samples", null)
            .in(COUNT)
            .defaultText(DEFAULT_SAMPLES + ", or all if there are fewer")
            .title("Samples")
            .help("Number of rows to take.");

    public static final Setting<SamplingMode> SAMPLING = Setting.choice(
                    "sampling", SamplingMode.class, SamplingMode::id, SamplingMode.FIRST)
            .title("Sampling")
            .help("Rows to take: the first ones, drawn ones, or drawn ones of which each class keeps its share.");

    public static final Setting<Long> SAMPLING_SEED = Setting.large("sampling-seed", DEFAULT_SAMPLING_SEED)
            .onlyIf(values -> values.get(SAMPLING) != SamplingMode.FIRST)
            .title("Sampling seed")
            .help("Seed of the rows that are drawn.");

    public static final Setting<Integer> MAX_LENGTH = Setting.whole("max-length", DEFAULT_MAX_LENGTH)
            .in(COUNT)
            .defaultText(DEFAULT_MAX_LENGTH + ", or the model's positions if fewer; for generate no limit")
            .title("Max length")
            .help("Tokens per row; longer text is cut, rows of input_ids never are.");

    /** Rows per batch; the default is {@value #DEFAULT_BATCH} in training, otherwise a number that suits the device. */
    public static final Setting<Integer> BATCH = Setting.whole("batch", null)
            .in(COUNT)
            .defaultText(DEFAULT_BATCH + " for train; evaluate and generate take as many as suit the device")
            .title("Batch size")
            .help("Rows per batch; extract and analyze choose their own batches.");

    public static final Setting<List<ReferenceCompatibility>> COMPAT = Setting.of(
                    "compat",
                    SettingType.choices(List.of(ReferenceCompatibility.values()), ReferenceCompatibility::id)
                            .labelled("SWITCH[,SWITCH]"),
                    List.<ReferenceCompatibility>of())
            .defaultText("neither")
            .title("Compatibility")
            .help("Treat tokens as the reference implementation does: eos-is-padding masks every end-of-sequence token,"
                    + " no-token-types gives both texts of a pair the same type.");

    /** All settings whose values are in {@link #values}, in the order of their keys in files. */
    public static final List<Setting<?>> VALUES =
            List.of(TEXT, LABEL, IMAGE, PRESET, SAMPLES, SAMPLING, SAMPLING_SEED, MAX_LENGTH, BATCH, COMPAT);

    /**
     * Creates settings that take the first rows, without a preset or compatibility switches; null stands for a default.
     */
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

    /** Returns the default settings for some data. */
    public static DataSettings of(String data) {
        return new DataSettings(data, SettingValues.none());
    }

    /** Returns true if the data is a sample task and not a file. */
    public static boolean isSample(String data) {
        return SampleTasks.isSample(data);
    }

    /**
     * Returns the column of the text, or the two columns of a pair separated by a comma; null to find them by common
     * column names.
     */
    public @Nullable String text() {
        return values.find(TEXT).orElse(null);
    }

    /** Returns the column of the label; null to find it by common column names. */
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

    public SamplingMode sampling() {
        return values.get(SAMPLING);
    }

    public long samplingSeed() {
        return values.get(SAMPLING_SEED);
    }

    /** Returns the maximum number of tokens per row. */
    public int maxLength() {
        return values.get(MAX_LENGTH);
    }

    /** Returns the batch size; null for the default, which depends on the task. */
    public @Nullable Integer batch() {
        return values.find(BATCH).orElse(null);
    }

    /** Returns the compatibility switches, which make the tokenization match the reference implementation. */
    public Set<ReferenceCompatibility> compatibility() {
        return Set.copyOf(values.get(COMPAT));
    }

    /** Returns these settings with another preset; null for none, which finds columns by common names. */
    public DataSettings withPreset(@Nullable TaskPreset other) {
        return with(values.with(PRESET, Optional.ofNullable(other)));
    }

    /** Returns these settings with another sampling and its seed. */
    public DataSettings withSampling(SamplingMode other, long seed) {
        return with(values.with(SAMPLING, other).with(SAMPLING_SEED, seed));
    }

    /** Returns these settings with another number of rows; null for the default, {@link #ALL} for all. */
    public DataSettings withSamples(@Nullable Integer other) {
        return with(values.with(SAMPLES, Optional.ofNullable(other)));
    }

    /** Returns these settings with another maximum number of tokens per row. */
    public DataSettings withMaxLength(int other) {
        return with(values.with(MAX_LENGTH, other));
    }

    /** Returns these settings with another default of tokens per row, which counts if no number was given. */
    public DataSettings withDefaultMaxLength(int other) {
        return values.given(MAX_LENGTH).isPresent() ? this : withMaxLength(other);
    }

    /** Returns these settings with another batch size; null for the default. */
    public DataSettings withBatch(@Nullable Integer other) {
        return with(values.with(BATCH, Optional.ofNullable(other)));
    }

    /** Returns these settings with other compatibility switches. */
    public DataSettings withCompatibility(Set<ReferenceCompatibility> others) {
        return with(values.with(COMPAT, others.stream().sorted().toList()));
    }

    private DataSettings with(SettingValues others) {
        return new DataSettings(data, others);
    }

    /** Returns these settings for other data, read in the same way; a sample task gets its own columns instead. */
    public DataSettings with(String other) {
        return new DataSettings(
                other,
                isSample(other)
                        ? values.without(TEXT).without(LABEL).without(IMAGE).without(PRESET)
                        : values);
    }

    /** Returns these settings for the mismatched validation rows of MNLI, which are from other genres. */
    public DataSettings ofMismatched(String other) {
        return with(other).withPreset(TaskPreset.MNLI_MISMATCHED);
    }

    /** Returns the files to read; empty for a sample task, or if there are no files. */
    public List<Path> files() {
        return source(Split.TRAIN).files();
    }

    /** Returns the source of the rows for the reader. */
    public DataSource source(Split split) {
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
