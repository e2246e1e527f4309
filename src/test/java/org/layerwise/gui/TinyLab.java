package org.layerwise.gui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javax.imageio.ImageIO;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.PlayedTorch;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.DataPreview;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.PlainSsh;
import org.layerwise.testing.TinyModels;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** A user's folders with tiny models and rows. The sample model is a tiny one of as many layers. */
public final class TinyLab {

    private static final List<String> LABELS = List.of("animal", "plant", "artifact", "food");

    /** Pause between two requests for news of a job on a cluster. */
    static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Path home;
    private final Workbench workbench;

    /** @param home folder of the test */
    public TinyLab(Path home) {
        this(home, Map.of());
    }

    /** A lab whose models come from a hub of the test. */
    public TinyLab(Path home, FakeHub hub) {
        this(
                home,
                Map.of(
                        "HF_ENDPOINT",
                        hub.endpoint().toString(),
                        "HF_HOME",
                        home.resolve("huggingface").toString()));
    }

    /** @param environment variables of the process, such as that of a hub */
    public TinyLab(Path home, Map<String, String> environment) {
        this(home, new Workbench(folders(home), environment));
    }

    /** A lab on a computer with other libraries of torch. */
    public TinyLab(Path home, PlayedTorch torch) {
        this(home, new Workbench(folders(home), Map.of(), torch.engine()));
    }

    private TinyLab(Path home, Workbench workbench) {
        this.home = home;
        this.workbench = workbench;
        link(workbench.folders().models().resolve(SampleModel.NAME), TinyModels.shared("encoder"));
    }

    private static AppFolders folders(Path home) {
        return new AppFolders(
                home.resolve("data"), home.resolve("config"), home.resolve("state"), home.resolve("cache"));
    }

    public Workbench workbench() {
        return workbench;
    }

    /** Returns the selection of a study whose trainings have adapters of rank 8 on the usual modules. */
    public SelectionViewModel selection(StudySession session) {
        return new SelectionViewModel(
                session,
                new SimpleObjectProperty<>(8),
                new SimpleObjectProperty<>(List.of()),
                new SimpleObjectProperty<>(List.of()),
                new SimpleObjectProperty<>(LoraVariant.PLAIN));
    }

    /** Opens the sample model with the definitions in a study. */
    public void openSample(StudySession session) {
        session.modelProperty().set(open("sample"));
        session.dataProperty().set(data(DataSettings.of("sample:definitions")));
    }

    /** Returns access to the user's clusters without answers to questions. */
    public ClusterAccess clusters() {
        return clusters(PlainSsh.unanswered());
    }

    /** Returns access to the user's clusters, which asks for news of a job all the time. */
    public ClusterAccess clusters(SshQuestions questions) {
        return new ClusterAccess(workbench, questions, LOOK_EVERY);
    }

    /** Returns the folder of a model that is a decoder ("llama") or sees ("llava") if it is called so, otherwise a BERT. */
    public Path folder(String name) {
        Path folder = home.resolve("models").resolve(name);
        if (!Files.exists(folder)) {
            String kind = name.contains("llama") ? "decoder" : name.contains("llava") ? "vision" : "encoder";
            link(folder, TinyModels.shared(kind));
        }
        return folder;
    }

    private static void link(Path link, Path folder) {
        try {
            Files.createDirectories(link.getParent());
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a table with the columns id, an image, sentence and label. */
    public Path pictures(String name, int rows) {
        try {
            Path table = home.resolve(name);
            List<String> lines = new ArrayList<>(List.of("id,sentence,label"));
            for (int row = 0; row < rows; row++) {
                String picture = String.format(Locale.ROOT, "picture-%03d.png", row);
                BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
                for (int x = 0; x < image.getWidth(); x++) {
                    for (int y = 0; y < image.getHeight(); y++) {
                        image.setRGB(x, y, Color.HSBtoRGB((row * 37 + x) / 255f, 0.5f, 0.4f + y / 32f));
                    }
                }
                ImageIO.write(image, "png", home.resolve(picture).toFile());
                lines.add(picture + ",what colour is this,thing");
            }
            return Files.write(table, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a model of {@link #folder}, or "sample". */
    public OpenModel open(String name) {
        return open(ModelSettings.of(name.equals("sample") ? name : folder(name).toString()));
    }

    /** Opens a model that is used a layer at a time. */
    public OpenModel openByLayers(String name) {
        ModelSettings settings = ModelSettings.of(folder(name).toString());
        return open(new ModelSettings(settings.model(), settings.device(), settings.type(), Loading.LAYERS));
    }

    private OpenModel open(ModelSettings settings) {
        return workbench.openModel(settings, new PauseSwitch(), Progress.none());
    }

    /** Analyzes a model as the window does. */
    public Analysis analyze(OpenModel model, DataSettings data, AnalysisSettings settings) {
        return new AnalysisJob(workbench, model, data, settings).run(Progress.none(), partial -> {});
    }

    /** The analyses of a session, without clusters, with a desk for work, files and dialogs. */
    public AnalysisViewModel analysis(StudySession session, Desk desk) {
        return new AnalysisViewModel(
                session,
                workbench(),
                clusters(),
                desk,
                desk,
                desk,
                new RunLocation(FXCollections.observableArrayList()),
                () -> false);
    }

    /** Reads rows as the window does. */
    public StudySession.OpenData data(DataSettings settings) {
        return new StudySession.OpenData(settings, DataPreview.read(workbench, settings, Progress.none()));
    }

    /** Trains the sample model in a run folder, and cancels the training after some steps. */
    public Path train(Path out, DataSettings data, TrainingSettings settings, int mostSteps) {
        AtomicInteger steps = new AtomicInteger();
        TrainingListener counting = new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                steps.incrementAndGet();
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // only the steps count
            }
        };
        try (OpenModel model = workbench.openModel("sample", "cpu", Progress.none())) {
            new TrainingJob(workbench, model, data, settings, out)
                    .run(CancelledProgress.when(() -> steps.get() >= mostSteps), counting);
        }
        return out;
    }

    /** Trains the sample model in a run folder until the process "is killed" after some steps. */
    public Path cutOff(Path out, DataSettings data, TrainingSettings settings, int after) {
        train(out, data, settings, after);
        kill(out);
        return out;
    }

    /** Makes a run one whose process was killed. */
    public static void kill(Path run) {
        Path file = run.resolve("run.json");
        ObjectNode json = (ObjectNode) Json.read(file);
        json.put("process", "0@");
        if (!json.path("state").asText().equals("queued")) {
            json.put("state", "running").remove("ended");
        }
        Json.write(file, json);
        try {
            Files.deleteIfExists(run.resolve("summary.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a table with the columns id, sentence and label. */
    public Path table(String name, int rows) {
        return table(name, rows, LABELS);
    }

    /** Returns the settings of a table of sentences with labels. */
    public DataSettings rows(String name, int rows) {
        return new DataSettings(table(name, rows).toString(), "sentence", "label", null, null, 128, null);
    }

    /** Writes a table with the columns id, sentence and label, whose labels take turns. */
    public Path table(String name, int rows, List<String> labels) {
        try {
            return Files.write(
                    home.resolve(name),
                    IntStream.rangeClosed(0, rows)
                            .mapToObj(row -> row == 0
                                    ? "id,sentence,label"
                                    : "%s,a thing like a %s that is number %s in the list,%s"
                                            .formatted(
                                                    row,
                                                    labels.get(row % labels.size()),
                                                    row,
                                                    labels.get(row % labels.size())))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
