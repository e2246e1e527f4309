package org.layerwise.cli;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Output;
import org.layerwise.base.UserException;
import org.layerwise.settings.SettingValues;
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

    boolean given() {
        return data != null;
    }

    /**
     * Makes sure that a file is none of those that are read.
     *
     * @throws UserException if it is
     */
    void keep(Output file, SettingValues values) {
        if (given()) {
            InputFiles.ofRows(settings(values)).forEach(read -> file.requireNot(FLAG, read));
        }
    }

    /**
     * Makes sure that a folder gets nothing in the place of a file that is read.
     *
     * @param written whether something of that name is written into the folder
     * @throws UserException if it does
     */
    void keep(Output folder, SettingValues values, Predicate<String> written) {
        if (given()) {
            InputFiles.ofRows(settings(values)).forEach(read -> folder.requireKept(FLAG, read, written));
        }
    }

    /**
     * Returns the data with what the flags say of them.
     *
     * @param values of {@link DataSettings#VALUES}
     * @throws UserException if no data are named
     */
    DataSettings settings(SettingValues values) {
        if (data == null) {
            throw new UserException("No data is named; give --data FILE, or --data sample:definitions.");
        }
        return new DataSettings(data, values);
    }
}
