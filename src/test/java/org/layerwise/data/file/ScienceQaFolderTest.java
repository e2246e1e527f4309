package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.TextForm;
import org.layerwise.data.image.ImageSource;

/** ScienceQA's own folder, with invented problems. */
class ScienceQaFolderTest {

    private static final String FOX =
            "\"question\": \"Which is \\\"red\\\"?\", \"choices\": [\"a fox\", \"the sea\"], \"answer\": 0, \"hint\": \"Look.\"";
    private static final String SEA =
            "\"question\": \"Which is blue?\", \"choices\": [\"a fox\", \"the sea\", \"1\"], \"answer\": 1, \"hint\": \"\"";
    private static final String SUN =
            "\"question\": \"Was ist heiß?\\nSag es.\", \"choices\": [\"die Sonne\"], \"answer\": 0";

    @TempDir
    Path folder;

    private static String problem(int id, String body, String split) {
        return "\"%s\": {%s, \"image\": \"image.png\", \"split\": \"%s\", \"grade\": \"grade2\"}"
                .formatted(id, body, split);
    }

    private Path problems(String... entries) {
        return DataFixtures.write(folder, "problems.json", "{" + String.join(",\n", entries) + "}");
    }

    private Path png(String place, int colour) throws IOException {
        Path file = folder.resolve(place);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, colour);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private void mixed() throws IOException {
        problems(
                problem(10, SUN, "train"),
                "\"3\": {%s, \"image\": null, \"split\": \"train\"}".formatted(FOX),
                problem(4, FOX, "val"),
                problem(5, FOX, "test"),
                problem(9, SEA, "train"),
                problem(2, FOX, "train"));
        png("images/train/2/image.png", 1);
        png("train/2/image.png", 2);
        png("train/9/image.png", 3);
        png("images/train/10/image.png", 4);
        png("images/val/4/image.png", 5);
    }

    private static DataSource source(Path location, Split split) {
        return new DataSource(location.toString(), ColumnMapping.DEFAULTS, null, split)
                .withPreset(TaskPreset.SCIENCE_QA);
    }

    private static Dataset read(DataSource source) {
        return new DatasetReader().read(source, Progress.none());
    }

    private Dataset train() {
        return read(source(folder, Split.TRAIN));
    }

    private static List<Long> numbers(Dataset data) {
        return IntStream.range(0, data.size()).mapToObj(data::number).toList();
    }

    @Test
    void theSameRowsAsJsonLinesGiveTheSameData() throws IOException {
        mixed();
        Path lines = DataFixtures.write(
                folder,
                "rows.jsonl",
                "{%s, \"image\": \"images/train/2/image.png\"}\n".formatted(FOX)
                        + "{%s, \"image\": null}\n".formatted(FOX)
                        + "{%s, \"image\": \"train/9/image.png\"}\n".formatted(SEA)
                        + "{%s, \"image\": \"images/train/10/image.png\"}\n".formatted(SUN));
        Dataset expected = read(source(lines, Split.TRAIN));
        Dataset data = train();
        assertThat(data.size()).isEqualTo(3);
        assertThat(data.texts()).isEqualTo(expected.texts());
        assertThat(data.secondTexts()).containsExactly("A", "B", "A").isEqualTo(expected.secondTexts());
        assertThat(data.images()).isEqualTo(expected.images());
        assertThat(data.form()).isEqualTo(TextForm.IMAGE_QUESTION);
        assertThat(DataHash.of(data)).isEqualTo(DataHash.of(expected));
        assertThat(data.name()).isEqualTo("scienceqa");
        assertThat(data.labels()).isInstanceOf(Labels.None.class);
    }

    @Test
    void problemsComeInTheOrderOfTheirNumbersWithTheFirstImageThatIsThere() throws IOException {
        mixed();
        Dataset data = train();
        assertThat(numbers(data)).containsExactly(2L, 9L, 10L);
        assertThat(data.images())
                .containsExactly(
                        new ImageSource.InFile(folder.resolve("images/train/2/image.png")),
                        new ImageSource.InFile(folder.resolve("train/9/image.png")),
                        new ImageSource.InFile(folder.resolve("images/train/10/image.png")));
    }

    @Test
    void validationIsThePartValAndTheFileStandsForItsFolder() throws IOException {
        mixed();
        Dataset data = read(source(folder.resolve("problems.json"), Split.VALIDATION));
        assertThat(numbers(data)).containsExactly(4L);
        assertThat(numbers(read(source(folder.resolve("problems.json"), Split.TRAIN))))
                .containsExactly(2L, 9L, 10L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\uD800b"})
    void aLocationThatIsNoPathIsRefused(String location) {
        DataSource source = DataSource.of(location).withPreset(TaskPreset.SCIENCE_QA);
        assertThatThrownBy(() -> read(source))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is not a possible file name");
    }

    @Test
    void limitTakesTheFirstAndChunksHoldTheSameRows() throws IOException {
        mixed();
        DataSource source = source(folder, Split.TRAIN);
        assertThat(numbers(read(source.withLimit(2)))).containsExactly(2L, 9L);
        List<Long> chunked = new ArrayList<>();
        try (DatasetChunks chunks = new DatasetReader().chunks(source, LabelUse.AUTO, 2, Progress.none())) {
            chunks.forEachRemaining(chunk -> chunked.addAll(numbers(chunk)));
        }
        assertThat(chunked).containsExactly(2L, 9L, 10L);
    }

    @Test
    void drawnRowsAreThoseOfTheSameJsonLines() throws IOException {
        StringBuilder lines = new StringBuilder();
        List<String> entries = new ArrayList<>();
        for (int id = 1; id <= 40; id++) {
            png("images/train/%s/image.png".formatted(id), id);
            entries.add(problem(id, FOX, "train"));
            lines.append("{%s, \"image\": \"images/train/%s/image.png\"}\n".formatted(FOX, id));
        }
        problems(entries.toArray(String[]::new));
        Path file = DataFixtures.write(folder, "rows.jsonl", lines.toString());
        List<Long> drawn = numbers(read(source(folder, Split.TRAIN).withLimit(7).withSampling(SamplingMode.RANDOM, 3)));
        assertThat(drawn)
                .hasSize(7)
                .isNotEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L))
                .isEqualTo(numbers(read(source(file, Split.TRAIN).withLimit(7).withSampling(SamplingMode.RANDOM, 3))));
    }

    @Test
    void thereAreNoClassesToSampleOrToTrain() throws IOException {
        mixed();
        DataSource source = source(folder, Split.TRAIN);
        assertThatThrownBy(() -> read(source.withLimit(2).withSampling(SamplingMode.STRATIFIED, 1)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("ScienceQA, which has no labels");
        assertThatThrownBy(() -> new DatasetReader().read(source, LabelUse.CLASSES, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("ScienceQA, which has no labels");
    }

    @Test
    void aMissingImageIsNamedWithThePlacesTried() {
        problems(problem(7, FOX, "train"));
        assertThatThrownBy(this::train)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("problem 7 of")
                .hasMessageContaining(folder.resolve("images/train/7/image.png").toString())
                .hasMessageContaining(folder.resolve("train/7/image.png").toString());
    }

    @Test
    void aBrokenProblemIsNamedWithItsKey() {
        refuses(FOX.replace("\"answer\": 0", "\"answer\": 2"), "answer");
        refuses(FOX.replace("\"answer\": 0", "\"answer\": 0.5"), "answer");
        refuses(FOX.replace("\"answer\": 0", "\"other\": 0"), "answer");
        refuses(FOX.replace("[\"a fox\", \"the sea\"]", "[]"), "choices");
        refuses(FOX.replace("[\"a fox\", \"the sea\"]", "\"a fox\""), "choices");
        refuses(FOX.replace("[\"a fox\", \"the sea\"]", "[\"a fox\", [1]]"), "choices");
        refuses(FOX.replace("\"question\": ", "\"asked\": "), "question");
        refuses(FOX.replace("\"Look.\"", "[1]"), "hint");
        problems(problem(7, FOX, "dev"));
        assertThatThrownBy(this::train).hasMessageContaining("Problem 7 of").hasMessageContaining("\"split\"");
        problems("\"7\": {%s, \"image\": 5, \"split\": \"train\"}".formatted(FOX));
        assertThatThrownBy(this::train).hasMessageContaining("Problem 7 of").hasMessageContaining("\"image\"");
    }

    private void refuses(String body, String key) {
        problems(problem(7, body, "train"));
        assertThatThrownBy(this::train)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Problem 7 of")
                .hasMessageContaining("\"" + key + "\"");
    }

    @Test
    void aFileOfAnotherKindIsRefused() {
        DataFixtures.write(folder, "problems.json", "[{%s}]".formatted(FOX));
        assertThatThrownBy(this::train).isInstanceOf(UserException.class).hasMessageContaining("by their numbers");
        problems("\"seven\": {}");
        assertThatThrownBy(this::train).isInstanceOf(UserException.class).hasMessageContaining("\"seven\"");
        problems("\"7\": []");
        assertThatThrownBy(this::train).isInstanceOf(UserException.class).hasMessageContaining("Problem 7 of");
        problems(problem(7, FOX, "test"));
        assertThatThrownBy(this::train)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no problem with an image")
                .hasMessageContaining("\"train\"");
    }
}
