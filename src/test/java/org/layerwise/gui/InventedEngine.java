package org.layerwise.gui;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.ByteSize;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImageSource;
import org.layerwise.data.token.DataSummary;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.install.torch.EngineFolders;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.paired.RunPair;
import org.layerwise.run.paired.RunPairs;
import org.layerwise.run.uncertainty.PairedTest;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.DataPreview;
import org.layerwise.study.adapter.SelectionExport;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.study.model.CachedModelCard;
import org.layerwise.study.model.DownloadSize;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.training.TrainingEstimate;
import org.layerwise.training.TrainingListener;

/**
 * A stand-in for the engine in tests of the window: every number is invented, the same each time, and comes at the pace
 * that a test asks for.
 */
public final class InventedEngine implements Engine {

    /** Layers of every model. */
    public static final int LAYERS = 12;

    /** Adapter parameters a layer and rank. */
    public static final int PARAMETERS = 6912;

    /** The location at which no model can be opened. */
    public static final String BROKEN = "broken";

    private static final long FREE = 20_000_000_000L;
    private static final long BYTES = 13_476_900_000L;

    private final List<ModelSettings> opened = new CopyOnWriteArrayList<>();
    private final Map<Path, InventedRun> runs = new ConcurrentSkipListMap<>();
    private final List<Path> queued = new CopyOnWriteArrayList<>();
    private final List<Path> forgotten = new CopyOnWriteArrayList<>();
    private volatile ComputeSetup setup = new ComputeSetup(
            new EngineFolders(Path.of("no-config"), Path.of("no-cache"), Path.of("no-data")), Map.of());
    private volatile String note = "";
    private final InventedClusters clusters = new InventedClusters(this::invented, pauseMillis());
    private volatile List<CachedModelCard> cached = List.of();
    private volatile long fetched;
    private volatile long pauseMillis;
    private volatile boolean failing;
    private volatile int closed;

    /** @param pauseMillis between two steps of long work */
    public InventedEngine(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    /** Makes analyses and trainings fail with a defect, not a user's mistake. */
    public void fail(boolean fails) {
        failing = fails;
    }

    /** Changes the pace of what comes. */
    public void pace(long millis) {
        pauseMillis = millis;
    }

    /** How many models were closed. */
    public int closed() {
        return closed;
    }

    @Override
    public List<String> devices() {
        return List.of("cpu");
    }

    @Override
    public EngineFacts facts() {
        List<EngineFacts.DeviceFacts> cpu =
                List.of(new EngineFacts.DeviceFacts("cpu", "Invented 9000", OptionalLong.of(FREE)));
        return new EngineFacts(
                "2.7.1",
                "cpu",
                Path.of("/home/reader/.cache/layerwise/djl/pytorch/2.7.1-cpu-linux-x86_64"),
                Optional.empty(),
                2,
                cpu,
                Optional.of(note).filter(words -> !words.isEmpty()));
    }

    @Override
    public ComputeSetup computeSetup() {
        return setup;
    }

    /** Sets the computer up in another way, and why the engine does not run on what was chosen. */
    public void setUp(ComputeSetup other, String why) {
        setup = other;
        note = why;
    }

    @Override
    public InventedClusters clusters() {
        return clusters;
    }

    @Override
    public LoadedModel openModel(ModelSettings settings, PauseSwitch pause, Progress progress) {
        opened.add(settings);
        String model = settings.model();
        if (model.endsWith(BROKEN)) {
            throw new UserException(
                    "There is no config.json in %s; choose a folder with a HuggingFace model.".formatted(model));
        }
        for (int part = 0; part < 4; part++) {
            work(progress, part / 4.0, "weights of layer " + 3 * part);
        }
        return new Invented(InventedModels.card(settings));
    }

    @Override
    public List<CachedModelCard> cachedModels() {
        return cached;
    }

    /** What is on this machine from now on. */
    public void cache(List<CachedModelCard> models) {
        cached = List.copyOf(models);
    }

    @Override
    public DownloadSize downloadSize(String model, Progress progress) {
        work(progress, Progress.UNKNOWN, "Asking huggingface.co for " + model);
        if (model.contains("gated")) {
            throw new UserException(
                    "%s is given only to those who have accepted its licence: accept it at https://huggingface.co/%s, and set HF_TOKEN to a token of your account."
                            .formatted(model, model));
        }
        if (!model.contains("/")) {
            throw new UserException(
                    "The hub shows no model %s: check the spelling at https://huggingface.co/%s, or set HF_TOKEN if the model is private."
                            .formatted(model, model));
        }
        return new DownloadSize(9, BYTES, fetched);
    }

    @Override
    public Path download(String model, PauseSwitch pause, Progress progress) {
        while (fetched < BYTES) {
            pause.await(progress);
            fetched = Math.min(BYTES, fetched + BYTES / 50);
            work(
                    progress,
                    (double) fetched / BYTES,
                    "Downloading %s, %s of %s, 38 MiB a second, 2 min left"
                            .formatted(model, ByteSize.of(fetched), ByteSize.of(BYTES)));
        }
        return Path.of("/home/reader/.cache/huggingface/hub").resolve(model);
    }

    /** A model that is open at once. */
    public LoadedModel model(String name) {
        return openModel(ModelSettings.of(name), new PauseSwitch(), Progress.none());
    }

    /** How models were asked for, in order. */
    public List<ModelSettings> opened() {
        return List.copyOf(opened);
    }

    @Override
    public DataPreview openData(DataSettings settings, Progress progress) {
        work(progress, Progress.UNKNOWN, "reading");
        if (settings.data().contains("missing")) {
            throw new UserException("There is no file %s.".formatted(settings.data()));
        }
        boolean sample = settings.data().startsWith("sample:");
        int size = settings.samples() == null ? 512 : Math.min(settings.samples(), 2000);
        List<String> labels = List.of("animal", "plant", "artifact", "food", "person", "place", "feeling", "act");
        List<DataPreview.Row> rows = IntStream.range(0, Math.min(size, DataPreview.ROWS))
                .mapToObj(row -> new DataPreview.Row(
                        row + 1,
                        "a thing of the kind that is number %s in the list, described in one sentence of some length"
                                .formatted(row),
                        null,
                        labels.get(row % labels.size()),
                        settings.image() == null ? null : picture(row)))
                .toList();
        String name = sample
                ? settings.data().substring("sample:".length())
                : Path.of(settings.data()).getFileName().toString().replaceAll("\\.\\w+$", "");
        return new DataPreview(
                name,
                settings.data(),
                size,
                false,
                false,
                sample ? List.of() : List.of("id", "sentence", "label"),
                rows,
                labels.stream().collect(Collectors.toMap(label -> label, label -> size / labels.size())));
    }

    private static ImageSource picture(int row) {
        BufferedImage image = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                image.setRGB(x, y, Color.HSBtoRGB((row * 37 + x) / 255f, 0.5f, 0.4f + y / 128f));
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ImageSource.InCell(String.format(Locale.ROOT, "picture-%03d.png", row), png.toByteArray());
    }

    @Override
    public RunRecord run(Path folder) {
        return invented(folder).record();
    }

    @Override
    public List<RunRecord> runs(Path folder, Progress progress, Consumer<String> remark) {
        return runs.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(folder))
                .map(entry -> entry.getValue().record())
                .toList();
    }

    @Override
    public RunPairs pairs(List<Path> folders, Progress progress) {
        List<RunPair> pairs = new ArrayList<>();
        for (int i = 0; i < folders.size(); i++) {
            for (Path second : folders.subList(i + 1, folders.size())) {
                Run one = run(folders.get(i)).run();
                Run other = run(second).run();
                pairs.add(
                        one.name().startsWith("elsewhere")
                                ? new RunPair(one, other, "validation", "", null, one.name() + " keeps no rows.")
                                : new RunPair(
                                        one,
                                        other,
                                        "validation",
                                        "accuracy",
                                        new PairedTest(-0.03125, 256, new McNemar(18, 10), null, 0),
                                        ""));
            }
        }
        return new RunPairs(pairs, 0);
    }

    /** A run that is on the disk from the start, stopped where a test wants. */
    public void plant(InventedRun run) {
        runs.put(run.folder(), run);
    }

    private InventedRun invented(Path folder) {
        InventedRun run = runs.get(folder);
        if (run == null) {
            throw new UserException(
                    "There is no run in %s (no run.json); name the folder that train wrote.".formatted(folder));
        }
        return run;
    }

    @Override
    public TrainingSummary resume(
            Path folder, @Nullable LoadedModel open, PauseSwitch pause, Progress progress, TrainingListener listener) {
        return invented(folder).train(pause, progress, listener, pauseMillis(), () -> failing);
    }

    @Override
    public Analysis fetch(
            PendingAnalysis analysis, @Nullable LoadedModel open, SshQuestions questions, Progress progress) {
        Configuration asked = analysis.configuration();
        return openModel(asked.model(), new PauseSwitch(), progress)
                .analyze(asked.rows(), asked.analysis(), progress, partial -> {});
    }

    @Override
    public void forget(Path folder) {
        if (queued.remove(folder)) {
            forgotten.add(folder);
        }
    }

    /** Runs that were deleted since they never began. */
    public List<Path> forgotten() {
        return List.copyOf(forgotten);
    }

    private LongSupplier pauseMillis() {
        return () -> pauseMillis;
    }

    @Override
    public void close() {
        // holds nothing
    }

    /** The similarity of representations i and j. */
    static Similarity similarity(int i, int j) {
        if (i == j) {
            return new Similarity.Value(1);
        }
        if (i == 0 || j == 0) {
            return new Similarity.Undefined(
                    "Every input starts with the same token, so the embeddings do not vary: CKA is undefined.");
        }
        double value = 1;
        for (int layer = Math.min(i, j); layer < Math.max(i, j); layer++) {
            value *= 1 - 0.05 - 0.3 * Math.abs(Math.sin(layer * 2.1));
        }
        return new Similarity.Value(value);
    }

    private void work(Progress progress, double fraction, String message) {
        progress.check();
        progress.report(fraction, message);
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failing && fraction > 0.3) {
            throw new IllegalStateException("an invented defect");
        }
    }

    private final class Invented implements LoadedModel {

        private final ModelCard card;

        Invented(ModelCard card) {
            this.card = card;
        }

        @Override
        public ModelCard card() {
            return card;
        }

        @Override
        public ModelInspection inspection() {
            return InventedModels.inspection(card);
        }

        @Override
        public SelectionExport export(LayerSelection selection) {
            return InventedModels.export(card, selection);
        }

        @Override
        public DataSummary summarize(DataSettings data, Progress progress) {
            int size = data.samples() == null ? 512 : Math.min(data.samples(), 2000);
            Random random = new Random(3);
            List<Integer> lengths = IntStream.range(0, size)
                    .map(row ->
                            Math.min(data.maxLength(), (int) Math.round(24 * Math.exp(random.nextGaussian() * 0.7))))
                    .boxed()
                    .toList();
            List<Integer> sorted = lengths.stream().sorted().toList();
            long cut = lengths.stream()
                    .filter(length -> length == data.maxLength())
                    .count();
            return new DataSummary(
                    size,
                    sorted.get(0),
                    sorted.get((size - 1) / 2),
                    sorted.get(size - 1),
                    (double) cut / size,
                    Map.of(),
                    lengths);
        }

        @Override
        public long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank) {
            return (long) layers.size()
                    * rank
                    * PARAMETERS
                    * targetModules.size()
                    / card.linearModules().size();
        }

        @Override
        public Analysis analyze(
                DataSettings data, AnalysisSettings settings, Progress progress, Consumer<SimilarityMatrix> partial) {
            for (int known = 1; known <= card.layers() + 1; known++) {
                work(progress, known / (card.layers() + 1.0), "layer " + (known - 1) + " of " + card.layers());
                partial.accept(matrix(known));
            }
            SimilarityMatrix whole = matrix(card.layers() + 1);
            String name = data.data().replaceAll(".*[:/]", "").replaceAll("\\.\\w+$", "");
            return new Analysis(
                    card().name(),
                    card.kind(),
                    data.data(),
                    name,
                    position(settings),
                    512,
                    3,
                    settings.measures().stream()
                            .map(measure -> InventedResults.of(measure, whole, settings))
                            .toList(),
                    null,
                    settings,
                    data,
                    new Provenance(
                            null,
                            ModelIdentity.UNKNOWN,
                            null,
                            null,
                            null,
                            Map.of("layerwise", "test"),
                            "2026-01-01T00:00:00Z",
                            4.2),
                    List.of());
        }

        @Override
        public Path handIn(
                String rows,
                DataSettings data,
                AnalysisSettings settings,
                RemoteDestination to,
                SshQuestions questions,
                Progress progress) {
            clusters.requireReachable();
            work(progress, 0.5, "Sending rows.safetensors");
            return Path.of("jobs", to.place());
        }

        @Override
        public Analysis analyzeOn(
                Path job,
                RemoteDestination to,
                SshQuestions questions,
                DataSettings data,
                AnalysisSettings settings,
                Progress progress) {
            return analyze(data, settings, progress, partial -> {});
        }

        private Position position(AnalysisSettings settings) {
            return settings.position() == null ? card.defaultPosition() : settings.position();
        }

        /** The last tokens of rows differ a little, so that decoders have no undefined layers. */
        private Similarity between(int i, int j) {
            boolean embeddings = card.kind() != ModelKind.ENCODER && i != j && (i == 0 || j == 0);
            return embeddings ? new Similarity.Value(0.04 + 0.3 / (i + j)) : similarity(i, j);
        }

        private SimilarityMatrix matrix(int known) {
            List<List<Similarity>> rows = new ArrayList<>();
            for (int i = 0; i <= card.layers(); i++) {
                List<Similarity> row = new ArrayList<>();
                for (int j = 0; j <= card.layers(); j++) {
                    row.add(i < known && j < known ? between(i, j) : new Similarity.Undefined("not computed yet"));
                }
                rows.add(row);
            }
            return new SimilarityMatrix(rows);
        }

        @Override
        public TrainingEstimate estimate(DataSettings data, TrainingSettings settings, int rows) {
            int batch = data.batch() == null ? DataSettings.DEFAULT_BATCH : data.batch();
            long trained = 16
                    * adapterParameters(
                            settings.adapter().layers(),
                            card.linearModules(),
                            settings.adapter().rank());
            long activations = 3_000_000L * batch * settings.adapter().layers().size();
            boolean tight = trained + activations > 0.8 * FREE;
            return new TrainingEstimate(
                    card.weightBytes(),
                    trained,
                    activations,
                    0,
                    0,
                    FREE,
                    tight
                            ? List.of("--gradient-checkpointing (about 1.1 GiB)", "--batch 8 (about 2.0 GiB)")
                            : List.of());
        }

        @Override
        public void queue(DataSettings data, TrainingSettings settings, Path out) {
            queued.add(out);
        }

        @Override
        public TrainingSummary train(
                DataSettings data,
                TrainingSettings settings,
                Path out,
                PauseSwitch pause,
                Progress progress,
                TrainingListener listener) {
            InventedRun run = new InventedRun(card, data, settings, out);
            runs.put(out, run);
            queued.remove(out);
            return run.train(pause, progress, listener, pauseMillis(), () -> failing);
        }

        @Override
        public void send(
                DataSettings data,
                TrainingSettings settings,
                Path out,
                RemoteDestination to,
                SshQuestions questions,
                Progress progress) {
            clusters.requireReachable();
            work(progress, 0.2, "Reading the rows");
            work(progress, 0.8, "Sending rows.safetensors");
            runs.put(out, new InventedRun(card, data, settings, out).on(to.place()));
            clusters.requireVoice();
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
