package org.layerwise.cli;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.Output;
import org.layerwise.base.UserException;
import org.layerwise.data.Compatibility;
import org.layerwise.data.Sampling;
import org.layerwise.data.TaskPreset;
import org.layerwise.study.DataSettings;
import org.layerwise.study.InputFiles;
import picocli.CommandLine.Option;

/** {@code --data} and the flags that say how it is read. */
final class DataOptions {

    private static final String FLAG = "--data";

    @Option(
            names = FLAG,
            paramLabel = "FILE",
            description =
                    "Rows to read: .tsv, .csv, .jsonl (also .gz) or .parquet, a pattern as in \"data/*.parquet\", or a"
                            + " folder; or pre-tokenised .jsonl (input_ids, optional token_type_ids, labels); or"
                            + " sample:definitions, sample:acceptability.")
    private @Nullable String data;

    @Option(
            names = "--text",
            paramLabel = "COL[,COL2]",
            description = "Column of the text, and of the second text of a pair. Default: found by its usual names.")
    private @Nullable String text;

    @Option(
            names = "--label",
            paramLabel = "COL",
            description = "Column of the label. Default: found by its usual names.")
    private @Nullable String label;

    @Option(
            names = "--image",
            paramLabel = "COL",
            description =
                    "Column of an image a row, for models that see images: a path relative to the data file, or the"
                            + " image's bytes; --text is then the user's prompt. Default: none.")
    private @Nullable String image;

    @Option(
            names = "--preset",
            paramLabel = "TASK",
            description =
                    "Kind of data, whose columns and prompt are known: cola, sst2, mrpc, qqp, stsb, mnli, mnli-mm,"
                            + " qnli, rte, wnli, instruction, chat, scienceqa. Default: none.")
    private @Nullable TaskPreset preset;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "How many rows to take. Default: 512, or all if there are fewer.")
    private @Nullable Integer samples;

    @Option(
            names = "--sampling",
            paramLabel = "first|random|stratified",
            description = "Which rows to take: the first ones, drawn ones, or drawn ones of which each class keeps its"
                    + " share. Default: first.")
    private @Nullable Sampling sampling;

    @Option(
            names = "--sampling-seed",
            paramLabel = "N",
            description = "Seed of the rows that are drawn. Default: " + DataSettings.DEFAULT_SAMPLING_SEED + ".")
    private @Nullable Long samplingSeed;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Tokens a row; longer text is cut, rows of input_ids never are. Default: "
                    + DataSettings.DEFAULT_MAX_LENGTH + ", or the model's positions if fewer; for generate no limit.")
    private @Nullable Integer maxLength;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Rows a batch. Default: " + DataSettings.DEFAULT_BATCH
                    + " for train; evaluate, extract, analyze and generate take as many as suit the device.")
    private @Nullable Integer batch;

    @Option(
            names = "--compat",
            paramLabel = "SWITCH[,SWITCH]",
            hideParamSyntax = true,
            split = ",",
            description =
                    "Treat tokens as the reference implementation does: eos-is-padding masks every end-of-sequence"
                            + " token, no-token-types gives both texts of a pair the same type. Default: neither.")
    private Set<Compatibility> compatibility = EnumSet.noneOf(Compatibility.class);

    boolean given() {
        return data != null;
    }

    /** Whether the length of rows was named. */
    boolean lengthGiven() {
        return maxLength != null;
    }

    /**
     * Makes sure that a file is none of those that are read.
     *
     * @throws UserException if it is
     */
    void keep(Output file) {
        if (given()) {
            InputFiles.ofRows(settings()).forEach(read -> file.requireNot(FLAG, read));
        }
    }

    /**
     * Makes sure that a folder gets nothing in the place of a file that is read.
     *
     * @param written whether something of that name is written into the folder
     * @throws UserException if it does
     */
    void keep(Output folder, Predicate<String> written) {
        if (given()) {
            InputFiles.ofRows(settings()).forEach(read -> folder.requireKept(FLAG, read, written));
        }
    }

    DataSettings settings() {
        if (data == null) {
            throw new UserException("No data is named; give --data FILE, or --data sample:definitions.");
        }
        Limits.atLeast("--samples", samples, 1);
        Limits.atLeast("--max-length", maxLength, 1);
        Limits.atLeast("--batch", batch, 1);
        requireNames();
        return new DataSettings(
                data,
                text,
                label,
                image,
                preset,
                samples,
                sampling == null ? Sampling.FIRST : sampling,
                samplingSeed == null ? DataSettings.DEFAULT_SAMPLING_SEED : samplingSeed,
                maxLength == null ? DataSettings.DEFAULT_MAX_LENGTH : maxLength,
                batch,
                compatibility);
    }

    private void requireNames() {
        if (text == null) {
            return;
        }
        String[] columns = text.split(",", -1);
        if (columns.length > 2) {
            throw new UserException(
                    "--text names %s columns (%s); a row has one text or two.".formatted(columns.length, text));
        }
        for (String column : columns) {
            if (column.isBlank()) {
                throw new UserException("--text \"%s\" names an empty column; write COL or COL,COL2.".formatted(text));
            }
        }
    }
}
