package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.data.DataFixtures.write;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;

/** Which files of a folder, or of a pattern, are the data. */
class DataFolderTest {

    private static final String ROW = "{\"text\": \"fine\", \"label\": 1}\n";

    @TempDir
    Path folder;

    /** {@code gunzip -k} leaves both. */
    @ParameterizedTest
    @CsvSource({
        "train.jsonl, train.jsonl.gz, ''",
        "tr.jsonl, tr.jsonl.gz, ''",
        "train.jsonl, train.jsonl.GZ, ''",
        "train.parquet, train.parquet.gz, ''",
        "train.jsonl, train.jsonl.gz, /*.jsonl*",
        "train.jsonl, train.jsonl.gz, /**"
    })
    void aFileBesideItsPackedCopyIsRefused(String plain, String packed, String pattern) throws IOException {
        write(folder, plain, ROW);
        gzip(packed, ROW);

        assertThatThrownBy(() -> read(folder + pattern))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s and %s are one file and its packed copy, whose rows would be read twice; delete one of them, or name one.",
                        folder.resolve(plain), packed);
    }

    @Test
    void packedFilesBesideOthersAreTakenTogether() throws IOException {
        write(folder, "train-1.jsonl", ROW);
        gzip("train-2.jsonl.gz", ROW);
        write(folder, "dev.jsonl", ROW);
        gzip("dev.jsonl.gz", ROW);

        assertThat(read(folder.toString()).size()).isEqualTo(2);
        assertThat(DataFixtures.read(folder.resolve("dev.jsonl.gz")).size()).isEqualTo(1);
    }

    /** Names as HuggingFace's datasets takes them: the word of a part stands alone or between separators or digits. */
    @ParameterizedTest
    @CsvSource({
        "train_data.jsonl, test_data.jsonl",
        "my_train.jsonl, my_test.jsonl",
        "train_0.jsonl, test_0.jsonl",
        "train1.jsonl, valid1.jsonl",
        "data-train.jsonl, data-dev.jsonl",
        "set.train.jsonl, set.test.jsonl"
    })
    void filesOfOtherPartsAreNotMixedIn(String train, String other) throws IOException {
        write(folder, train, ROW);
        write(folder, other, ROW + ROW);

        assertThat(read(folder.toString()).size()).isEqualTo(1);
    }

    @Test
    void aWordWithinAnotherWordNamesNoPart() throws IOException {
        write(folder, "strained.jsonl", ROW);
        write(folder, "latest.jsonl", ROW);

        assertThat(read(folder.toString()).size()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"train.jsonl, train-old.jsonl", "train_a.jsonl, train_b.jsonl", "my_train.jsonl, train.jsonl"})
    void filesOfOnePartThatAreNoShardsAreRefused(String one, String other) throws IOException {
        write(folder, one, ROW);
        write(folder, other, ROW);

        assertThatThrownBy(() -> read(folder.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("are both named after one part, but not as its shards");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train-00000-of-00003.jsonl train-00002-of-00003.jsonl",
                "train-00000-of-00002.jsonl train-00001-of-00002.jsonl train-00000-of-00001.jsonl",
                "part-00000-of-00003.jsonl part-00001-of-00003.jsonl"
            })
    void shardsThatAreMissingOrOldAreRefused(String names) throws IOException {
        for (String name : names.split(" ")) {
            write(folder, name, ROW);
        }

        assertThatThrownBy(() -> read(folder.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("files by its name, but")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void shardsWithHashesAreOneSet() throws IOException {
        write(folder, "train-00000-of-00002-0123456789abcdef.jsonl", ROW);
        write(folder, "train-00001-of-00002-fedcba9876543210.jsonl", ROW);

        assertThat(read(folder.toString()).size()).isEqualTo(2);
    }

    /** As in bash and Python's glob. */
    @Test
    void patternsFollowLinkedFoldersAndTakeAFileOnce() throws IOException {
        write(Files.createDirectories(folder.resolve("real/a")), "x.jsonl", ROW);
        write(Files.createDirectories(folder.resolve("else/b")), "x.jsonl", ROW + ROW);
        Files.createSymbolicLink(folder.resolve("real/b"), folder.resolve("else/b"));
        Files.createSymbolicLink(folder.resolve("real/again"), folder.resolve("real/a"));
        Files.createSymbolicLink(folder.resolve("real/loop"), folder.resolve("real"));

        assertThat(read(folder + "/real/*/x.jsonl").size()).isEqualTo(3);
        assertThat(read(folder + "/real/**/*.jsonl").size()).isEqualTo(3);
    }

    @Test
    void twoStarsMatchNoFolderToo() throws IOException {
        write(folder, "x.jsonl", ROW);
        write(Files.createDirectories(folder.resolve("sub/deep")), "y.jsonl", ROW + ROW);

        assertThat(read(folder + "/**/*.jsonl").size()).isEqualTo(3);
        assertThat(read(folder + "/**/sub/**/y.jsonl").size()).isEqualTo(2);
    }

    /** File managers and archives of other systems leave them, as {@code ._tr.jsonl}. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/*.jsonl", "/**.jsonl"})
    void hiddenFilesAreNoData(String pattern) throws IOException {
        write(folder, "tr.jsonl", ROW);
        write(folder, "._tr.jsonl", "\0\5\26\7");
        write(folder, ".x.jsonl", ROW);
        write(Files.createDirectory(folder.resolve(".cache")), "y.jsonl", ROW);

        assertThat(read(folder + pattern).size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.x.jsonl", "/.*.jsonl", "/.c*/*.jsonl"})
    void hiddenFilesAreReadByTheirNames(String name) throws IOException {
        write(folder, ".x.jsonl", ROW);
        write(Files.createDirectory(folder.resolve(".cache")), "y.jsonl", ROW);

        assertThat(read(folder + name).size()).isEqualTo(1);
    }

    @Test
    void aFolderWithHiddenFilesAloneHasNoData() {
        write(folder, ".x.jsonl", ROW);

        assertThatThrownBy(() -> read(folder.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no data files");
    }

    private static Dataset read(String location) {
        return new DatasetReader().read(DataSource.of(location), Progress.none());
    }

    private void gzip(String name, String content) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }
}
