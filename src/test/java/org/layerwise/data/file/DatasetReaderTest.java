package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.Split;
import org.layerwise.data.sample.SampleTasks;

class DatasetReaderTest {

    @TempDir
    Path folder;

    @Test
    void loadingAheadChangesNothing() {
        Path file = DataFixtures.write(folder, "dev.tsv", "sentence\tlabel\nfine\t1\n");
        DatasetReader reader = new DatasetReader();

        reader.begin(DataSource.of(folder.resolve("nothing.tsv").toString()));
        reader.begin(DataSource.of(file.toString()));

        assertThat(reader.read(DataSource.of(file.toString()), Progress.none()).texts())
                .containsExactly("fine");
        assertThatThrownBy(() ->
                        reader.read(DataSource.of(folder.resolve("nothing.tsv").toString()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("nothing.tsv");
    }

    @Test
    void rowsThatWereBegunAreThoseThatAreAskedFor() {
        StringBuilder rows = new StringBuilder("sentence\tlabel\n");
        for (int row = 0; row < 5000; row++) {
            rows.append("row ").append(row).append("\t1\n");
        }
        Path file = DataFixtures.write(folder, "many.tsv", rows.toString());
        DataSource source = DataSource.of(file.toString());
        DatasetReader reader = new DatasetReader();
        List<String> expected =
                reader.read(source, LabelUse.IGNORE, Progress.none()).texts();

        reader.begin(source, LabelUse.IGNORE);
        assertThat(expected).hasSize(5000);
        assertThat(reader.earlyText().orElseThrow().test(Progress.none())).isTrue();
        DataFixtures.write(folder, "many.tsv", "sentence\tlabel\nanother\t0\n");

        assertThat(reader.read(source, LabelUse.IGNORE, Progress.none()).texts())
                .isEqualTo(expected);
        assertThat(reader.earlyText()).isEmpty();
        assertThat(reader.read(source, LabelUse.IGNORE, Progress.none()).texts())
                .containsExactly("another");
    }

    @Test
    void otherRowsThanThoseBegunAreReadAnew() {
        Path file = DataFixtures.write(folder, "dev.tsv", "sentence\tlabel\nfine\t1\n");
        DataSource source = DataSource.of(file.toString());
        DatasetReader reader = new DatasetReader();

        reader.begin(source, LabelUse.IGNORE);

        assertThat(reader.read(source, LabelUse.AUTO, Progress.none()).labels()).isInstanceOf(Labels.Classes.class);
        assertThat(reader.earlyText()).isEmpty();
    }

    @Test
    void aFailureOfRowsThatWereBegunIsThrownByWhoeverReadsThem() {
        DataSource missing = DataSource.of(folder.resolve("nothing.tsv").toString());
        DatasetReader reader = new DatasetReader();
        String expected = failure(reader, missing);

        reader.begin(missing, LabelUse.IGNORE);
        assertThat(reader.earlyText().orElseThrow().test(Progress.none())).isFalse();

        assertThat(failure(reader, missing)).isEqualTo(expected).contains("nothing.tsv");
    }

    private static String failure(DatasetReader reader, DataSource source) {
        return assertThrows(UserException.class, () -> reader.read(source, LabelUse.IGNORE, Progress.none()))
                .getMessage();
    }

    /** So many rows that their reading has not ended when the next statement of a test stops it. */
    private DataSource slow() {
        return DataSource.of(
                DataFixtures.write(folder, "slow.tsv", "sentence\tlabel\n" + "some words in a row\t1\n".repeat(500_000))
                        .toString());
    }

    @Test
    @Timeout(60)
    void rowsThatWereBegunAreStopped() {
        DataSource source = slow();
        DatasetReader reader = new DatasetReader();

        reader.begin(source, LabelUse.IGNORE);
        Predicate<Progress> text = reader.earlyText().orElseThrow();
        reader.stopEarly();

        assertThat(reader.earlyText()).isEmpty();
        assertThat(text.test(Progress.none())).as("read to the end").isFalse();
    }

    @Test
    @Timeout(60)
    void rowsThatWereBegunAreStoppedWithTheReadingThatWaitsForThem() {
        DataSource source = slow();
        DatasetReader reader = new DatasetReader();
        List<String> messages = new ArrayList<>();
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {
                messages.add(message);
            }

            @Override
            public boolean cancelled() {
                return !messages.isEmpty();
            }
        };

        reader.begin(source, LabelUse.IGNORE);
        Predicate<Progress> text = reader.earlyText().orElseThrow();
        assertThatThrownBy(() -> reader.read(source, LabelUse.IGNORE, cancelled))
                .isInstanceOf(CancelledException.class);

        assertThat(messages).as("of a wait for rows that were begun").containsExactly("Reading rows");
        assertThat(reader.earlyText()).isEmpty();
        assertThat(text.test(Progress.none())).as("read to the end").isFalse();
    }

    @Test
    void quotesAreOrdinaryInTsv() {
        Path file = DataFixtures.write(
                folder, "dev.tsv", "sentence\tlabel\n\"an open quote\t1\n# it 's , \"fine\" \t0\n.\t1\n");

        Dataset data = DataFixtures.read(file);

        assertThat(data.texts()).containsExactly("\"an open quote", "# it 's , \"fine\" ", ".");
        assertThat(((Labels.Classes) data.labels()).values()).containsExactly(1, 0, 1);
        assertThat(((Labels.Classes) data.labels()).names()).isEmpty();
        assertThat(data.name()).isEqualTo("dev");
        assertThat(data.columns()).containsExactly("sentence", "label");
        assertThat(data.paired()).isFalse();
    }

    @Test
    void csvFollowsRfc4180WithByteOrderMarkAndCarriageReturns() {
        Path file = DataFixtures.write(
                folder, "a.csv", "\uFEFFText,Label\r\n\"a, \"\"b\"\"\nc\",pos\r\n\".\",neg\r\nNULL,pos\r\n");

        Dataset data = DataFixtures.read(file);

        assertThat(data.texts()).containsExactly("a, \"b\"\nc", ".", "NULL");
        assertThat(((Labels.Classes) data.labels()).names()).containsExactly("neg", "pos");
        assertThat(((Labels.Classes) data.labels()).values()).containsExactly(1, 0, 1);
        assertThat(data.row(0)).isEqualTo(new Dataset.Row("a, \"b\"\nc", null, "pos"));
    }

    @Test
    void csvWithSemicolonsAndANamelessIndexColumn() {
        Path file = DataFixtures.write(folder, "a.csv", ";text;label\n0;one, two;3\n1;three;0\n");

        Dataset data = DataFixtures.read(file);

        assertThat(data.texts()).containsExactly("one, two", "three");
        assertThat(((Labels.Classes) data.labels()).values()).containsExactly(3, 0);
    }

    @Test
    void jsonLinesKeepTextsThatLookLikeDates() {
        Path file = DataFixtures.write(
                folder,
                "a.jsonl",
                "{\"text\":\"2024-01-02\",\"label\":1,\"meta\":{\"k\":[1]}}\n{\"label\":0,\"text\":\"\\u00e9\\n\\ud83d\\ude00\"}\n");

        Dataset data = DataFixtures.read(file);

        assertThat(data.texts()).containsExactly("2024-01-02", "\u00e9\n\uD83D\uDE00");
        assertThat(((Labels.Classes) data.labels()).values()).containsExactly(1, 0);
    }

    @Test
    void jsonIsAnArrayOfObjects() {
        Path file = DataFixtures.write(
                folder,
                "a.json",
                "[{\"question\":\"why?\",\"answer\":\"so\"}, {\"question\":\"how?\",\"answer\":\"thus\"}]");

        Dataset data = DataFixtures.read(file);

        assertThat(data.texts()).containsExactly("why?", "how?");
        assertThat(data.secondTexts()).containsExactly("so", "thus");
        assertThat(data.labels()).isInstanceOf(Labels.None.class);
    }

    @Test
    void parquetWithFloatsIsRegression() {
        Path file = DataFixtures.parquet(
                folder,
                "a.parquet",
                "SELECT 'it''s' AS sentence1, 'b' AS sentence2, 4.0::FLOAT AS score UNION ALL SELECT 'c', 'd', 0.1::FLOAT");

        Dataset data = DataFixtures.read(file);

        assertThat(data.texts()).containsExactly("it's", "c");
        assertThat(data.secondTexts()).containsExactly("b", "d");
        assertThat(((Labels.Numbers) data.labels()).values()).containsExactly(4.0, 0.1);
    }

    /** DuckDB leaves out rows of a group that states too few, and makes up rows of one that states too many. */
    @ParameterizedTest
    @CsvSource({
        "false, 49, states 50 rows but its row groups have 49",
        "false, 51, states 50 rows but its row groups have 51",
        "true, 49, states 49 rows but its row groups have 50",
        "true, 51, states 51 rows but its row groups have 50"
    })
    void parquetThatContradictsItselfAboutItsRowsIsRefused(boolean ofFile, int rows, String sentence)
            throws IOException {
        Path file = DataFixtures.parquet(folder, "a.parquet", "SELECT 'row ' || i AS text FROM range(50) r(i)");
        Charset bytes = StandardCharsets.ISO_8859_1;
        String content = Files.readString(file, bytes);
        String stated = "\u0016" + (char) (2 * 50); // a number of rows in the footer, first the file's
        int place = ofFile ? content.indexOf(stated) : content.lastIndexOf(stated);
        Files.writeString(
                file, content.substring(0, place + 1) + (char) (2 * rows) + content.substring(place + 2), bytes);
        DataSource source = DataSource.of(file.toString());

        for (DataSource part : List.of(source, source.withLimit(3), source.withLimit(60))) {
            for (SamplingMode mode : List.of(SamplingMode.FIRST, SamplingMode.RANDOM)) {
                assertThatThrownBy(() -> new DatasetReader().read(part.withSampling(mode, 1), Progress.none()))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining(sentence);
            }
        }
    }

    @Test
    void limitTakesTheFirstRowsInFileOrder() {
        StringBuilder tsv = new StringBuilder("text\tlabel\n");
        for (int row = 0; row < 50_000; row++) {
            tsv.append("row ").append(row).append('\t').append(row % 7).append('\n');
        }
        Path file = DataFixtures.write(folder, "long.tsv", tsv.toString());
        Path parquet = DataFixtures.parquet(
                folder, "long.parquet", "SELECT 'row ' || i AS text, i % 7 AS label FROM range(300000) r(i)");

        for (Path path : List.of(file, parquet)) {
            assertThat(DataFixtures.read(path, ColumnMapping.DEFAULTS, 3).texts())
                    .containsExactly("row 0", "row 1", "row 2");
            List<String> all = DataFixtures.read(path).texts();
            for (int row = 0; row < all.size(); row++) {
                assertThat(all.get(row)).isEqualTo("row " + row);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's [1]*?.tsv", "a b%20'; DROP.csv", "{x,y}.jsonl", "\u00e9\u65e5.parquet"})
    void fileNamesMayHoldAnything(String name) throws Exception {
        Path file = folder.resolve(name);
        if (name.endsWith("parquet")) {
            Files.move(DataFixtures.parquet(folder, "x.parquet", "SELECT 'ok' AS text"), file);
        } else {
            Files.writeString(file, name.endsWith("jsonl") ? "{\"text\":\"ok\"}\n" : "text\nok\n");
        }

        assertThat(DataFixtures.read(file).texts()).containsExactly("ok");
    }

    @Test
    void foldersNamedLikeColumnsAddNone() throws Exception {
        Path inside = Files.createDirectories(folder.resolve("label=3"));
        Path file = DataFixtures.write(inside, "a.csv", "text\nok\n");

        assertThat(DataFixtures.read(file).labels()).isInstanceOf(Labels.None.class);
        assertThat(DataFixtures.read(file).columns()).containsExactly("text");
    }

    @Test
    void columnsAsTheyAreAskedFor() {
        Path file = DataFixtures.write(folder, "a.csv", "text,\"odd \"\"name\"\"\",b,label,y's\nno,one,two,5,1.5\n");

        Dataset data = DataFixtures.read(file, ColumnMapping.parse("odd \"name\",b", "y's"), null);

        assertThat(data.texts()).containsExactly("one");
        assertThat(data.secondTexts()).containsExactly("two");
        assertThat(((Labels.Numbers) data.labels()).values()).containsExactly(1.5);
    }

    @ParameterizedTest
    @CsvSource({
        "question1|question2,question1,question2",
        "premise|hypothesis,premise,hypothesis",
        "question|sentence,question,sentence",
        "idx|Sentence,Sentence,",
        "text|answer,text,",
        "content|question,content,"
    })
    void usualTextColumns(String header, String first, String second) {
        ColumnResolver columns = new ColumnResolver(Path.of("x.csv"), List.of(header.split("\\|")));

        assertThat(columns.text(ColumnMapping.DEFAULTS)).isEqualTo(new ColumnResolver.Text(first, second));
    }

    @Test
    void secondTextsMayBeEmpty() {
        Path file = DataFixtures.write(folder, "a.csv", "instruction,input,label\nsum up,,1\nsay,hello,0\n");

        Dataset data = DataFixtures.read(file, ColumnMapping.parse("instruction,input", null), null);

        assertThat(data.secondTexts()).containsExactly("", "hello");
    }

    @Test
    void blankLinesAreNoRows() {
        Path csv = DataFixtures.write(folder, "a.csv", "text\na\n\nb\n\n");
        Path json = DataFixtures.write(folder, "a.jsonl", "\uFEFF{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n\n");

        assertThat(DataFixtures.read(csv).texts()).containsExactly("a", "b");
        assertThat(DataFixtures.read(json).texts()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[%s, %s]", " [\n%s,%s\n]\n", "%s\n%s\n"})
    void jsonMayBeginWithAByteOrderMark(String content) {
        String rows = content.formatted("{\"text\":\"a\"}", "{\"text\":\"b\"}");

        for (String mark : List.of("", "\uFEFF")) {
            Path file = DataFixtures.write(folder, "a.json", mark + rows);
            assertThat(DataFixtures.read(file).texts()).containsExactly("a", "b");
        }
    }

    @Test
    void namesInBracesAreNames() {
        Path file = DataFixtures.write(
                folder, "a.jsonl", "{\"text\":\"a\",\"label\":\"{x}\"}\n{\"text\":\"b\",\"label\":\"[PAD]\"}\n");

        assertThat(((Labels.Classes) DataFixtures.read(file).labels()).names()).containsExactly("[PAD]", "{x}");
    }

    @Test
    void charactersAcrossTheEndOfTheCheckedBeginning() {
        for (int shift = 0; shift < 3; shift++) {
            String text = "x".repeat(shift) + "\u65e5".repeat(30_000);
            Path file = DataFixtures.write(folder, "a.tsv", "text\n" + text + "\n");

            assertThat(DataFixtures.read(file).texts()).containsExactly(text);
        }
    }

    @Test
    void tokensFromJsonLines() {
        Path file = DataFixtures.write(
                folder,
                "a.jsonl",
                "{\"input_ids\":[101,7,102],\"token_type_ids\":[0,0,1],\"labels\":1}\n{\"input_ids\":[101,102],\"token_type_ids\":[0,0],\"labels\":0}\n");

        Dataset data = DataFixtures.read(file);

        assertThat(data.pretokenized()).isTrue();
        assertThat(data.size()).isEqualTo(2);
        assertThat(data.tokenRows().get(0).ids()).containsExactly(101, 7, 102);
        assertThat(data.tokenRows().get(0).typeIds()).containsExactly(0, 0, 1);
        assertThat(((Labels.Classes) data.labels()).values()).containsExactly(1, 0);
        assertThat(data.row(0).text()).isEqualTo("101 7 102");
    }

    @Test
    void textBesideTokensWhereItIsAskedFor() {
        Path file = DataFixtures.parquet(folder, "a.parquet", "SELECT 'hello' AS sentence, [1, 2] AS input_ids");

        assertThat(DataFixtures.read(file).pretokenized()).isTrue();
        assertThat(DataFixtures.read(file, ColumnMapping.parse("sentence", null), null)
                        .texts())
                .containsExactly("hello");
    }

    @Test
    void tokenLabelsFromParquet() {
        Path file = DataFixtures.parquet(
                folder,
                "a.parquet",
                "SELECT [5, 6, 7] AS input_ids, [-100, 6, 7] AS labels UNION ALL SELECT [8], [-100]");

        Dataset data = DataFixtures.read(file);

        Labels.TokenLabels labels = (Labels.TokenLabels) data.labels();
        assertThat(labels.values()).isDeepEqualTo(new long[][] {{-100, 6, 7}, {-100}});
        assertThat(labels.padded(new int[] {1, 0}, 4)).containsExactly(-100, -100, -100, -100, -100, 6, 7, -100);
        assertThat(data.tokenRows().get(1).typeIds()).isNull();
    }

    @Test
    void longRowsOfTokens() {
        String ids = "1,".repeat(200_000) + "2";
        Path file = DataFixtures.write(folder, "a.jsonl", "{\"input_ids\":[" + ids + "]}\n");

        assertThat(DataFixtures.read(file).tokenRows().get(0).length()).isEqualTo(200_001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tsv", "csv", "jsonl"})
    void longTexts(String ending) {
        String text = "word ".repeat(1_000_000);
        boolean json = ending.equals("jsonl");
        Path file = DataFixtures.write(
                folder, "a." + ending, json ? "{\"text\":\"" + text + "\"}\n" : "text\n" + text + "\nshort\n");

        assertThat(DataFixtures.read(file).texts()).contains(text).hasSize(json ? 1 : 2);
    }

    @Test
    void labelsAreNotReadWhereTheyAreIgnored() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\nok,\nfine,-1\n");

        assertThat(DataFixtures.read(file, LabelUse.IGNORE).labels()).isInstanceOf(Labels.None.class);
        assertThat(DataFixtures.read(file, LabelUse.IGNORE).size()).isEqualTo(2);
    }

    @Test
    void wholeNumbersMayBeRegressionAndDecimalsClasses() {
        Path file = DataFixtures.write(folder, "a.csv", "text,label\na,-2\nb,4\n");
        Path decimals = DataFixtures.write(folder, "b.csv", "text,label\na,1.0\nb,0.0\n");

        assertThat(((Labels.Numbers) DataFixtures.read(file, LabelUse.NUMBERS).labels()).values())
                .containsExactly(-2, 4);
        assertThat(((Labels.Classes)
                                DataFixtures.read(decimals, LabelUse.CLASSES).labels())
                        .values())
                .containsExactly(1, 0);
    }

    @Test
    void cancelsWhileItReads() {
        StringBuilder csv = new StringBuilder("text\n");
        csv.append("x\n".repeat(20_000));
        Path file = DataFixtures.write(folder, "a.csv", csv.toString());
        AtomicInteger reports = new AtomicInteger();
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {
                reports.incrementAndGet();
            }

            @Override
            public boolean cancelled() {
                return reports.get() > 3;
            }
        };

        assertThatThrownBy(() -> new DatasetReader().read(DataSource.of(file.toString()), cancelled))
                .isInstanceOf(CancelledException.class);
        assertThat(reports.get()).isLessThan(10);
    }

    @Test
    void sampleTasksGoTheSameWay() {
        Dataset data = new DatasetReader()
                .read(
                        new DataSource(SampleTasks.DEFINITIONS, ColumnMapping.DEFAULTS, 16, Split.VALIDATION),
                        Progress.none());

        assertThat(data.size()).isEqualTo(16);
        assertThat(data.name()).isEqualTo("definitions");
    }
}
