package org.layerwise.cli.option;

import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.Split;
import org.layerwise.data.file.DataSource;
import org.layerwise.settings.DataSettings;
import picocli.CommandLine.Option;

/** Flag {@code --data}, combined with the flags for reading the data. */
public final class DataOptions {

    private static final String FLAG = "--data";

    @Option(
            names = FLAG,
            paramLabel = "FILE",
            description =
                    "Rows to read: .tsv, .csv, .jsonl (also .gz) or .parquet, a pattern as in \"data/*.parquet\", or a"
                            + " folder; or pre-tokenised .jsonl (input_ids, optional token_type_ids, labels); or"
                            + " sample:definitions, sample:acceptability.")
    private @Nullable String data;

    public boolean given() {
        return data != null;
    }

    /** Returns the source of the data that are named; empty if none are named. */
    public Optional<DataSource> source(SettingValues values) {
        return given() ? Optional.of(settings(values).source(Split.TRAIN)) : Optional.empty();
    }

    /**
     * Requires that an output file is none of the input files of the data.
     *
     * @throws UserException if it is one
     */
    public void keep(Output file, SettingValues values) {
        if (given()) {
            InputFiles.ofRows(settings(values)).forEach(read -> file.requireNot(FLAG, read));
        }
    }

    /**
     * Requires that no file which is written into a folder replaces an input file of the data.
     *
     * @param written test that is true for the name of a file or folder that is written into the folder
     * @throws UserException if an input file would be replaced
     */
    public void keep(Output folder, SettingValues values, Predicate<String> written) {
        if (given()) {
            InputFiles.ofRows(settings(values)).forEach(read -> folder.requireKept(FLAG, read, written));
        }
    }

    /** Says that the rows are not read, since nothing needs them, if any are named. */
    public void noteUnread(Progress progress) {
        if (given()) {
            progress.note("The measures follow from weights alone, so the rows of %s are not read.".formatted(FLAG));
        }
    }

    /**
     * Returns the data settings of the flags.
     *
     * @param values values of {@link DataSettings#VALUES}
     * @throws UserException if no data are named
     */
    public DataSettings settings(SettingValues values) {
        if (data == null) {
            throw new UserException("No data is named; give --data FILE, or --data sample:definitions.");
        }
        return new DataSettings(data, values);
    }
}
