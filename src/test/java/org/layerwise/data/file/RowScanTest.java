package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/** Rows that DuckDB would end the process at, drop, or not read, are refused or read. */
class RowScanTest {

    private static final String ROW = "{\"text\":\"fine\",\"label\":1,\"extra\":1}\n";

    @TempDir
    Path folder;

    /** Reads the files that are named, the first rows or all, and prints how many rows there were, or why they were not read. */
    static final class Reading {
        public static void main(String[] files) {
            for (String file : files) {
                for (Integer limit : new Integer[] {2, null}) {
                    DataSource source = new DataSource(file, ColumnMapping.DEFAULTS, limit, Split.TRAIN);
                    System.out.println(answer(source));
                }
            }
        }

        private static String answer(DataSource source) {
            try {
                return String.valueOf(
                        new DatasetReader().read(source, Progress.none()).size());
            } catch (UserException e) {
                return e.getMessage();
            }
        }
    }

    @Test
    void deepRowsAreRefusedBeforeTheyEndTheProcess() throws Exception {
        String arrays = nested("[", "]", 100_000);
        String objects = nested("{\"a\":", "}", 50_000).replace(":}", ":1}");
        List<Path> files = List.of(
                DataFixtures.write(folder, "a.jsonl", ROW + arrays + ROW),
                DataFixtures.write(folder, "b.jsonl", ROW + objects),
                DataFixtures.write(folder, "c.json", "[" + ROW + "," + arrays + "]"),
                DataFixtures.write(folder, "d.json", ROW + arrays),
                DataFixtures.write(folder, "e.ndjson", "{\"text\":\"an open string\n" + arrays),
                gzip("f.jsonl.gz", ROW + arrays),
                DataFixtures.write(Files.createDirectory(folder.resolve("g")), "b.jsonl", ROW + arrays));
        DataFixtures.write(folder.resolve("g"), "a.jsonl", ROW);

        List<String> names = new ArrayList<>(files.stream().map(Path::toString).toList());
        names.add(folder.resolve("g").toString());
        names.add(folder.resolve("g/*.jsonl").toString());
        List<String> answers = inAnotherProcess(names);

        assertThat(answers).hasSize(2 * names.size()).allSatisfy(answer -> assertThat(answer)
                .contains("Row 2 of", "nests lists or objects more than 1000 levels deep"));
    }

    /** DuckDB would list 100,000 columns for a minute. */
    @ParameterizedTest
    @Timeout(20)
    @ValueSource(strings = {"a.jsonl", "a.json"})
    void rowOfVeryManyFieldsIsRefused(String name) {
        Path file = DataFixtures.write(folder, name, ROW + wide(100_000));
        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Row 2 of " + file + " has more than 20000 fields, the most that a row may have");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.json"})
    void fieldsOfRowsAndCellsAreCountedApart(String name) {
        String inCell = "{\"text\": \":" + ":".repeat(30_000) + "\", \"more\": "
                + wide(30_000).strip() + "}\n";
        Path file = DataFixtures.write(folder, name, wide(20_000) + inCell + wide(20_000));
        assertThat(new DatasetReader()
                        .read(DataSource.of(file.toString()), Progress.none())
                        .size())
                .isEqualTo(3);
    }

    private static String wide(int fields) {
        return IntStream.range(1, fields)
                .mapToObj(field -> ",\"f" + field + "\":" + field)
                .collect(Collectors.joining("", "{\"text\":\"words\"", "}\n"));
    }

    @Test
    void deepRowBehindTheRowsThatAreReadDoesNotMatter() throws Exception {
        // DuckDB looks for columns in 100,000 rows, and reads whole batches
        Path file = DataFixtures.write(folder, "a.jsonl", ROW.repeat(100_000 + 20_000) + nested("[", "]", 100_000));

        List<String> answers = inAnotherProcess(List.of(file.toString()));

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isEqualTo("2");
        assertThat(answers.get(1)).contains("Row 120001 of");
    }

    @Test
    void aThousandLevelsAreRead() {
        String brackets = "\"\\\"" + "[{".repeat(50_000) + "\\\\\"";
        for (String name : List.of("a.jsonl", "a.json")) {
            String rows = nested("[", "]", RowBounds.DEEPEST) + "{\"text\":" + brackets + ",\"label\":0,\"extra\":"
                    + brackets + "}\n";

            assertThat(DataFixtures.read(DataFixtures.write(folder, name, rows)).size())
                    .isEqualTo(2);
            Path file = DataFixtures.write(folder, name, rows);
            DataSource chats = new DataSource(file.toString(), ColumnMapping.parse("extra", null), null, Split.TRAIN)
                    .withPreset(TaskPreset.CHAT);
            assertThat(new DatasetReader()
                            .read(chats, LabelUse.IGNORE, Progress.none())
                            .texts()
                            .get(1))
                    .hasSize(100_002);
        }
        DataFixtures.refused(
                DataFixtures.write(folder, "b.jsonl", nested("[", "]", RowBounds.DEEPEST + 1)),
                "Row 1 of",
                "1000 levels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.tsv", "a.csv", "a.jsonl"})
    void longLastRowIsReadUpToTheLimitAndNeverDropped(String name) throws IOException {
        List<String> texts =
                DataFixtures.read(longRow(name, RowBounds.LONGEST - 100, true)).texts();

        assertThat(texts).hasSize(601);
        assertThat(texts.get(600).length()).isEqualTo(RowBounds.LONGEST - 100);
        DataFixtures.refused(longRow(name, RowBounds.LONGEST, true), "Row 601 of", "longer than 64 MiB");
    }

    @Test
    void longRowInTheMiddleIsRead() throws IOException {
        List<String> texts =
                DataFixtures.read(longRow("a.tsv", 40 << 20, false)).texts();

        assertThat(texts).hasSize(602);
        assertThat(texts.get(600).length()).isEqualTo(40 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tsv", "csv"})
    void lineEndingsMayDiffer(String ending) {
        Random random = new Random(9);
        for (int round = 0; round < 40; round++) {
            boolean csv = ending.equals("csv");
            StringBuilder file = new StringBuilder("text,label").append(lineEnd(random));
            List<String> texts = new ArrayList<>();
            int rows = 1 + random.nextInt(8);
            for (int row = 0; row < rows; row++) {
                String text = List.of("a", "two words", "\u65e5\u672c", "it's").get(random.nextInt(4));
                boolean quoted = csv && random.nextBoolean();
                if (quoted) {
                    text += List.of("", "\r\n", "\nb", "\rb", "\"", ",", "\r").get(random.nextInt(7));
                }
                texts.add(text);
                file.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text)
                        .append(',')
                        .append(csv && random.nextBoolean() ? "\"1\"" : "1")
                        .append(row == rows - 1 && random.nextBoolean() ? "" : lineEnd(random))
                        .append(random.nextInt(4) == 0 && row < rows - 1 ? lineEnd(random) : "");
            }
            String content = csv ? file.toString() : file.toString().replace(',', '\t');

            assertThat(DataFixtures.read(DataFixtures.write(folder, "a." + ending, content))
                            .texts())
                    .as(content.replace("\r", "<CR>"))
                    .isEqualTo(texts);
        }
    }

    @Test
    void whatIsWrongWithARowIsToldWhateverItsLineEnds() {
        refused("text\tlabel\r\na\t1\nb\t0\tc\n", "a.tsv: line 3 is broken, it has 3 columns, the header 2");
        refused("text\tlabel\na\t1\r\nb\n", "a.tsv: line 3 is broken, it has 1 column, the header 2");
        refused("text,label\r\n\"a\nb\",1\n\"c\"d,1\n", "a.csv: line 4 is broken, text follows a closing quote");
        refused("text,label\r\na,1\n\"c,1\n", "a.csv: line 3 is broken, a quote is opened and never closed");
        refused("text\tlabel\na\rb\t1\nc\t0\n", "by line 2", "a lone carriage return (CR)", "one kind of line ending");
        refused("text\na\rb\nc\n", "by line 2", "a lone carriage return (CR)");
        refused("text\tlabel\ra\t1\rb\t0\n", "by line 3", "a lone carriage return (CR)");
    }

    private void refused(String content, String... parts) {
        DataFixtures.refused(DataFixtures.write(folder, content.contains(",") ? "a.csv" : "a.tsv", content), parts);
    }

    private static String lineEnd(Random random) {
        return random.nextBoolean() ? "\n" : "\r\n";
    }

    private Path longRow(String name, int length, boolean last) throws IOException {
        boolean json = name.contains(".json");
        String before = json ? "{\"text\":\"" : "";
        String behind = json ? "\",\"label\":1}\n" : name.endsWith("csv") ? ",1\n" : "\t1\n";
        StringBuilder rows = new StringBuilder(json ? "" : name.endsWith("csv") ? "text,label\n" : "text\tlabel\n");
        for (int row = 0; row < 600; row++) {
            rows.append(before).append("fine ").append(row).append(behind);
        }
        rows.append(before).append("w".repeat(length)).append(behind);
        rows.append(last ? "" : before + "fine" + behind);
        return DataFixtures.write(folder, name, rows.toString());
    }

    private static String nested(String open, String close, int levels) {
        return "{\"text\":\"fine\",\"label\":0,\"extra\":" + open.repeat(levels) + close.repeat(levels) + "}\n";
    }

    private Path gzip(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private List<String> inAnotherProcess(List<String> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                System.getProperty("java.class.path"),
                Reading.class.getName()));
        command.addAll(files);
        File output = folder.resolve("output.txt").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(output)
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as("exit status").isZero();
        return Files.readAllLines(output.toPath());
    }
}
