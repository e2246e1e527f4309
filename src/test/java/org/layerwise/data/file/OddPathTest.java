package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;

/** A path that exists is that file, whatever a pattern of the same letters would match beside it. */
@DisabledOnOs(OS.WINDOWS) // which forbids these names
class OddPathTest {

    private static final List<String> ENDINGS = List.of("tsv", "csv", "jsonl", "json", "parquet", "tsv.gz", "jsonl.gz");

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectories(root.resolve("data"));
    }

    @ParameterizedTest
    @CsvSource({
        "exp [2024]/t,exp 2/t",
        "what?,whatX",
        "*/t,any/t",
        "**/t,any/t",
        "[!a]/t,b/t",
        "[[]/t,[/t",
        "a[b-]c]/t,abc]/t",
        ".h [1]/.t,.h 1/.t",
        "{x[1]}'/t,{x1}'/t"
    })
    void namedFileIsRead(String name, String decoy) throws IOException {
        for (String ending : ENDINGS) {
            write(folder.resolve(decoy + "." + ending), "decoy");
            Path file = write(folder.resolve(name + "." + ending), "right");

            assertThat(DataFixtures.read(file).texts()).as(ending).containsExactly("right");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp [2024]", "wh?t", "*", "{a,b}"})
    void folderAndPatternWithinIt(String name) throws IOException {
        for (String decoy : List.of("exp 2", "what", "any", "a")) {
            write(folder.resolve(decoy).resolve("t.tsv"), "decoy");
        }
        write(folder.resolve(name).resolve("t.tsv"), "right");

        assertThat(DataFixtures.read(folder.resolve(name)).texts()).containsExactly("right");
        assertThat(DataFixtures.read(folder.resolve(name).resolve("*.tsv")).texts())
                .containsExactly("right");
    }

    @Test
    void whatDoesNotExistIsAPattern() throws IOException {
        write(folder.resolve("exp 2/t.tsv"), "two");
        write(folder.resolve("exp 4/t.tsv"), "four");

        assertThat(DataFixtures.read(folder.resolve("exp [2024]/t.tsv")).texts())
                .containsExactly("two", "four");
    }

    @Test
    void linksAreFollowed() throws IOException {
        write(folder.resolve("real/t.tsv"), "right");
        write(folder.resolve("l 1/t.tsv"), "decoy");
        Files.createSymbolicLink(folder.resolve("l [1]"), folder.resolve("real"));

        assertThat(DataFixtures.read(folder.resolve("l [1]/t.tsv")).texts()).containsExactly("right");
    }

    @Test
    void compressionIsThatOfTheEnding() throws IOException {
        Path file = write(folder.resolve("x.gz?y.tsv"), "right");
        Path zst = write(folder.resolve("x.zst?y.jsonl"), "right");

        assertThat(DataFixtures.read(file).texts()).containsExactly("right");
        assertThat(DataFixtures.read(zst).texts()).containsExactly("right");
    }

    @Test
    void backslashBesideAPatternIsRefused() throws IOException {
        Path file = write(folder.resolve("a\\b[1].tsv"), "right");
        Path alone = write(folder.resolve("a\\b.tsv"), "right");

        assertThatThrownBy(() -> DataFixtures.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a backslash beside one of * ? [");
        assertThat(DataFixtures.read(alone).texts()).containsExactly("right");
    }

    @Test
    void patternWithAnOpenBracketIsRefused() {
        DataFixtures.refused(folder.resolve("a[b.tsv"), "is not a possible pattern");
    }

    private Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        String name = file.getFileName().toString();
        if (name.endsWith(".parquet")) {
            Path plain = DataFixtures.parquet(root, "x", "SELECT '%s' AS text".formatted(text));
            return Files.move(plain, file);
        }
        String rows = name.contains(".json") ? "{\"text\":\"%s\"}\n".formatted(text) : "text\n%s\n".formatted(text);
        OutputStream out = Files.newOutputStream(file);
        try (OutputStream packed = name.endsWith(".gz") ? new GZIPOutputStream(out) : out) {
            packed.write(rows.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
