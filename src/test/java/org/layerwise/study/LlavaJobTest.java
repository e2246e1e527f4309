package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.RowImages;
import org.layerwise.remote.WorkerCount;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.RunIdentity;
import org.layerwise.run.TrainingSummary;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.analysis.ExtractionJob;
import org.layerwise.study.cluster.TrainingExport;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.Golden;
import org.layerwise.testing.TinyModels;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/** A model that sees images, from prompts and image files to an adapter. */
class LlavaJobTest {

    private static final int ROWS = 6;

    @TempDir
    private Path folder;

    private final int liveBefore = Engines.shared().liveTensors();
    private Workbench workbench;
    private Path model;

    @BeforeEach
    void make() throws IOException {
        workbench = TinyStudy.workbench(folder);
        model = TinyModels.vision(folder.resolve("llava"));
    }

    @AfterEach
    void close() {
        workbench.close();
        assertThat(Engines.shared().liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void promptsAndTheirTokensGiveTheSameWholeOrByLayers() throws IOException {
        Path text = rows("rows.jsonl", "\"question\": \"what colour is this\"");
        Path tokens = rows("tokens.jsonl", "\"input_ids\": [6, 5, 8, 9, 10, 11, 7]");
        Path byText = extract(text, "question", Loading.WHOLE);
        Path byTokens = extract(tokens, null, Loading.WHOLE);
        Path byLayers = extract(tokens, null, Loading.LAYERS);
        List<float[]> expected = vectors(byText);
        for (Path other : List.of(byTokens, byLayers)) {
            List<float[]> actual = vectors(other);
            for (int state = 0; state < expected.size(); state++) {
                assertThat(actual.get(state)).containsExactly(expected.get(state), within(1e-5f));
            }
        }
        float[] last = expected.get(expected.size() - 1);
        assertThat(last[0]).as("the images differ, so the rows do").isNotEqualTo(last[48]);
    }

    @Test
    void trainsAndEvaluatesOnImages() throws IOException {
        Path data = rows("rows.jsonl", "\"question\": \"what colour is this\"");
        DataSettings settings = new DataSettings(data.toString(), "question", "label", "picture", null, 64, 3);
        try (OpenModel open = workbench.openModel(model.toString(), "cpu", Progress.none())) {
            assertThat(open.card().kind()).isEqualTo(ModelKind.VISION);
            assertThat(open.card().defaultPosition()).isEqualTo(Position.LAST);
            Path out = folder.resolve("run");
            TrainingSummary summary = new TrainingJob(workbench, open, settings, TrainingSettings.defaults(), out)
                    .run(Progress.none(), TrainingListener.none());
            assertThat(summary.steps()).isEqualTo(2);
            EvaluationJob.Result result = new EvaluationJob(
                            workbench, open, out.resolve("adapter"), settings, null, null, null)
                    .run(Progress.none());
            assertThat(result.evaluation().samples()).isEqualTo(ROWS);
        }
    }

    /** A run that has a checkpoint after its first step, as one that was cut off then. */
    private Path cutOff(DataSettings settings) throws IOException {
        Path out = folder.resolve("run");
        train(settings, out, StartMode.OVERWRITE);
        Files.delete(out.resolve("summary.json"));
        Path file = out.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        return out;
    }

    private TrainingSummary train(DataSettings settings, Path out, StartMode start) {
        try (OpenModel open = workbench.openModel(model.toString(), "cpu", Progress.none())) {
            SettingValues run = SettingValues.none().with(RunSettings.CHECKPOINT_EVERY, 1);
            return new TrainingJob(
                            workbench,
                            open,
                            settings,
                            TrainingSettings.defaults().with(run),
                            out,
                            start,
                            new PauseSwitch())
                    .run(Progress.none(), TrainingListener.none());
        }
    }

    @Test
    void aRunGoesOnWithTheSameImagesOnly() throws IOException {
        Path data = rows("rows.jsonl", "\"question\": \"what colour is this\"");
        DataSettings settings = new DataSettings(data.toString(), "question", "label", "picture", null, 64, 3);
        Path out = cutOff(settings);
        Path picture = folder.resolve("picture0.png");
        byte[] before = Files.readAllBytes(picture);
        ImageIO.write(picture(5), "png", picture.toFile());
        assertThatThrownBy(() -> train(settings, out, StartMode.RESUME))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the images of the training rows, or how they are prepared, have changed");

        Files.write(picture, before);
        Path preprocessor = model.resolve("preprocessor_config.json");
        String settled = Files.readString(preprocessor);
        ObjectNode other = (ObjectNode) Json.read(preprocessor);
        other.put("do_normalize", false);
        Json.write(preprocessor, other);
        assertThatThrownBy(() -> train(settings, out, StartMode.RESUME))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the images of the training rows, or how they are prepared, have changed");

        Files.writeString(preprocessor, settled);
        assertThat(train(settings, out, StartMode.RESUME).steps()).isEqualTo(2);
    }

    @Test
    void aRunOfAnEarlierVersionThatKnowsNoImagesGoesOn() {
        ModelIdentity weights = new ModelIdentity(null, "w", null);
        RunIdentity now = new RunIdentity(
                "m", weights, "d", new RowsIdentity("r", "i"), List.of(new RowsIdentity("v", "j")), null, null);
        ObjectNode json = now.json();
        assertThat(RunIdentity.of(json)).isEqualTo(now);

        json.remove(List.of("rows_images_sha256", "validation_images_sha256"));

        RunIdentity.of(json).requireUnchanged(now, folder);
        RunIdentity text = new RunIdentity("m", weights, "d", new RowsIdentity("r", null), List.of(), null, null);
        assertThat(text.json().fieldNames()).toIterable().noneMatch(name -> name.contains("images"));
    }

    @Test
    void aJobHasTheImagesAsBytesAndWhatTheyBecome() throws IOException {
        Path data = rows("rows.jsonl", "\"question\": \"what colour is this\"");
        DataSettings settings = new DataSettings(data.toString(), "question", "label", "picture", null, 64, 3);
        Path job = folder.resolve("job");
        try (OpenModel open = workbench.openModel(model.toString(), "cpu", Progress.none())) {
            new TrainingExport(
                            workbench,
                            open,
                            settings,
                            TrainingSettings.defaults().with(TrainingSettings.TASK, TaskKind.CAUSAL_LM),
                            RemoteOptions.by(new WorkerCount(1, false)),
                            false)
                    .write(job, beside -> {}, Progress.none());
            Dataset rows = workbench.read(settings, LabelUse.AUTO, Split.TRAIN, Progress.none());
            RowImages images = open.tokenize(rows, settings, Progress.none()).images();
            float[] expected = images.batch(new int[] {0, 1, 2, 3, 4, 5}).values();
            try (SafetensorsFile file = SafetensorsFile.open(job.resolve("rows.safetensors"))) {
                ByteBuffer levels = file.bytes("train.pixels");
                double[] values = Golden.doubles(file, "train.pixel_values");
                assertThat(file.entry("train.pixels").shape()).containsExactly(ROWS, 3, 28, 28);
                for (int i = 0; i < expected.length; i++) {
                    int channel = i / (28 * 28) % 3;
                    assertThat((float) values[channel * 256 + (levels.get(i) & 0xFF)])
                            .isEqualTo(expected[i]);
                }
            }
        }
    }

    @Test
    void imagesForAModelThatSeesNoneAreRefused() throws IOException {
        Path data = rows("rows.jsonl", "\"input_ids\": [6, 8, 9]");
        DataSettings settings = new DataSettings(data.toString(), null, null, "picture", null, 64, null);
        try (OpenModel open = workbench.openModel(Golden.folder("llama").toString(), "cpu", Progress.none())) {
            assertThatThrownBy(() -> new ExtractionJob(workbench, open, settings, null)
                            .run(folder.resolve("out.safetensors"), Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("sees none");
        }
    }

    private Path extract(Path data, String text, Loading loading) {
        Path out = folder.resolve(data.getFileName() + "-" + loading + ".safetensors");
        ModelSettings settings = new ModelSettings(model.toString(), "cpu", ComputeType.F32, loading);
        try (OpenModel open = workbench.openModel(settings, new PauseSwitch(), Progress.none())) {
            DataSettings rows = new DataSettings(data.toString(), text, null, "picture", null, 64, null);
            new ExtractionJob(workbench, open, rows, null).run(out, Progress.none());
        }
        return out;
    }

    private static List<float[]> vectors(Path file) {
        return RepresentationsFile.read(file).representations().layers().stream()
                .map(layer -> layer.values())
                .toList();
    }

    private Path rows(String name, String content) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            Path picture = folder.resolve("picture%s.png".formatted(row));
            ImageIO.write(picture(row), "png", picture.toFile());
            lines.append(
                    "{%s, \"picture\": \"%s\", \"label\": %s}\n".formatted(content, picture.getFileName(), row % 2));
        }
        return Files.writeString(folder.resolve(name), lines);
    }

    private static BufferedImage picture(int row) {
        BufferedImage image = new BufferedImage(40 + row, 30, BufferedImage.TYPE_INT_RGB);
        int colour = new Color(40 * row, 255 - 40 * row, 80).getRGB();
        for (int y = 0; y < 30; y++) {
            for (int x = 0; x < 30; x++) {
                image.setRGB(x, y, colour); // without Graphics2D, which asks for a display
            }
        }
        return image;
    }
}
