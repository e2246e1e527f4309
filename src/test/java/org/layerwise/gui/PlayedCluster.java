package org.layerwise.gui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Representations;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.tensor.DType;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/**
 * A Ray cluster on the loopback address with a shared folder. What the programs of its jobs would do is done by the
 * trainer here, at the pace that a test asks for.
 */
public final class PlayedCluster implements AutoCloseable {

    /** Files of a run that only the computer has that asked for it. */
    private static final List<String> OWN = List.of("run.json", "summary.json", "config.yaml", "methods.txt");

    private static final Pattern FOLDER = Pattern.compile("/mnt/lab/(jobs/[^/ ]+)");
    private static final int ROUNDS = 10;
    private static final long PATIENCE_MILLIS = 10_000;

    private final RecordedRay ray;
    private final Workbench workbench;
    private final Path home;
    private final Path storage;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final List<String> submitted = new CopyOnWriteArrayList<>();
    private volatile long pauseMillis;
    private volatile boolean holding;
    private volatile boolean failing;
    private volatile boolean silent;

    /** @param home folder that has the runs and the user's jobs somewhere in it */
    public PlayedCluster(Workbench workbench, Path home) {
        this.workbench = workbench;
        this.home = home;
        this.storage = home.resolve("storage");
        try {
            Files.createDirectories(storage);
            ray = new RecordedRay();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ray.otherwise(this::answer);
    }

    /** Registers the cluster as "lab". */
    public PlayedCluster register() {
        new ClusterRegistry(workbench.folders().config()).add(target("lab"), false);
        return this;
    }

    /** Returns the cluster under a name. */
    public Cluster.Ray target(String name) {
        return new Cluster.Ray(
                name, ray.address(), new StorageFolder("/mnt/lab", Optional.of(storage)), Optional.empty(), "python");
    }

    /** Sets the pause after each step of a job. */
    public void pace(long millis) {
        pauseMillis = millis;
    }

    /** Keeps jobs waiting, or lets them run. */
    public void hold(boolean now) {
        holding = now;
    }

    /** Cuts all connections, or lets them pass. */
    public void unreachable(boolean now) {
        ray.refuse(now);
    }

    /** Makes the cluster unreachable as soon as it has taken a job. */
    public void silent(boolean now) {
        silent = now;
        ray.refuse(false);
    }

    /** Makes jobs break after some steps. */
    public void fail(boolean now) {
        failing = now;
    }

    /** Returns the ids of the jobs that were handed in; the second attempt of a job ends with ".2". */
    public List<String> submitted() {
        return List.copyOf(submitted);
    }

    /** Returns the ids of the jobs that were ended at once. */
    public List<String> killed() {
        return ray.requests().stream()
                .filter(request -> request.matches("POST /api/jobs/.+/stop"))
                .map(request -> request.replaceAll("POST /api/jobs/|/stop", ""))
                .toList();
    }

    /** Returns true if the job of a run was asked to stop after its step. */
    public boolean isAsked(Path run) {
        return Files.exists(storage.resolve(JobTicket.read(run).folder()).resolve("stop"));
    }

    private String answer(String request) {
        Matcher about =
                Pattern.compile("(GET|POST) /api/jobs/([^/]+)(/logs|/stop)?").matcher(request);
        if (request.equals("POST /api/jobs/")) {
            submit(ray.bodies().get(ray.bodies().size() - 1));
        } else if (about.matches()) {
            Job job = jobs.get(about.group(2));
            return job == null ? "Job %s does not exist".formatted(about.group(2)) : job.answer(about.group(3));
        }
        return "{}";
    }

    private void submit(String body) {
        try {
            JsonNode asked = Json.parse(body);
            String command = asked.path("entrypoint").asText();
            String id = asked.path("submission_id").asText();
            Matcher folder = FOLDER.matcher(command);
            if (folder.find()) {
                submitted.add(id);
                jobs.put(id, new Job(id, storage.resolve(folder.group(1))));
            } else if (command.contains("check.py")) {
                ray.answer("GET /api/jobs/" + id, 200, "{\"status\": \"FAILED\", \"message\": \"no Python\"}");
                ray.answer("GET /api/jobs/" + id + "/logs", 200, "{\"logs\": \"python: not found\"}");
            } else {
                throw new AssertionError(body);
            }
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        if (silent) {
            ray.refuse(true);
        }
    }

    @Override
    public void close() {
        pauseMillis = 0;
        jobs.values().forEach(job -> job.killed = true);
        jobs.values().forEach(Job::awaitEnd);
        ray.close();
    }

    private final class Job {

        private final String id;
        private final Path folder;
        private final Path run;
        private final Path aside;
        private volatile String state = "PENDING";
        private volatile String message = "pending (Resources)";
        private volatile boolean killed;
        private volatile @Nullable Thread thread;
        private int asked;

        Job(String id, Path folder) {
            this.id = id;
            this.folder = folder;
            this.run = folder.resolve("run");
            this.aside = folder.resolve("aside");
        }

        synchronized String answer(String about) {
            if ("/stop".equals(about)) {
                killed = true;
                state("STOPPED", "stopped");
            } else if ("/logs".equals(about)) {
                return "{\"logs\": \"METRIC {\\\"step\\\": 1}\\n\"}";
            } else if (!holding && asked++ == 1) {
                state("RUNNING", "running");
                Thread started = new Thread(this::work, "played-job");
                started.setDaemon(true);
                started.start();
                thread = started;
            }
            return "{\"status\": \"%s\", \"message\": \"%s\"}".formatted(state, message);
        }

        /** Waits until nothing is written any more. */
        void awaitEnd() {
            Thread working = thread;
            try {
                if (working != null) {
                    working.join(PATIENCE_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void state(String other, String words) {
            state = other;
            message = words;
        }

        private void work() {
            try {
                writeWorkers();
                boolean extracts = Json.read(folder.resolve("plan.json"))
                        .path("kind")
                        .asText()
                        .equals("extract");
                if (extracts) {
                    extract();
                } else {
                    train();
                }
                if (!killed) {
                    state("SUCCEEDED", "completed");
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                state("FAILED", String.valueOf(e.getMessage()));
            }
        }

        private void writeWorkers() {
            ObjectNode json = Json.object().put("version", 1).put("after_step", 0);
            ArrayNode workers = json.putArray("workers");
            workers.addObject().put("host", "node1").put("device", "NVIDIA H100");
            workers.addObject().put("host", "node2").put("device", "NVIDIA H100");
            Json.write(run.resolve("workers.json"), json);
        }

        private void pause() {
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void train() throws IOException {
            Configuration began = Run.open(here("remote.json")).configuration();
            move(aside, run);
            boolean resumed = Files.isDirectory(run.resolve("checkpoints"));
            boolean[] whole = {true};
            try (OpenModel model = open(began.model())) {
                TrainingSettings settings =
                        began.training().withLayers(began.layers(model.card().layers()));
                Progress progress = CancelledProgress.when(() -> killed || Files.exists(folder.resolve("stop")));
                StartMode start = resumed ? StartMode.RESUME : StartMode.OVERWRITE;
                whole[0] = !new TrainingJob(workbench, model, began.rows(), settings, run, start, new PauseSwitch())
                        .run(progress, new Paced())
                        .cancelled();
            } finally {
                move(run, aside);
            }
            Json.write(
                    run.resolve("ending.json"),
                    Json.object()
                            .put("finished", whole[0])
                            .set("versions", Json.object().put("torch", "2.7.1")));
            writeResults();
        }

        private final class Paced implements TrainingListener {
            @Override
            public void step(StepRecord step) {
                pause();
                if (failing && step.step() > 5) {
                    throw new IllegalStateException("an invented defect");
                }
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // only the steps have a pace
            }
        }

        private void move(Path from, Path to) throws IOException {
            Files.createDirectories(to);
            for (String own : OWN) {
                if (Files.exists(from.resolve(own))) {
                    Files.move(from.resolve(own), to.resolve(own));
                }
            }
        }

        private void extract() throws IOException {
            Path asked = here("remote.json").resolve("asked.json");
            while (!Files.exists(asked)) {
                pause();
            }
            Configuration wanted =
                    Configuration.of(asked, (ObjectNode) Json.read(asked).path("config"));
            for (int round = 1; round <= ROUNDS && !killed; round++) {
                Files.writeString(
                        run.resolve("metrics.jsonl"),
                        "{\"rows\": %s, \"of\": %s}\n".formatted(round, ROUNDS),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                pause();
            }
            if (killed) {
                return;
            }
            try (OpenModel model = open(wanted.model())) {
                TokenizedDataset tokens = model.tokenize(
                        workbench.read(wanted.rows(), LabelUse.IGNORE, Split.TRAIN, Progress.none()),
                        wanted.rows(),
                        Progress.none());
                write(model.represent(tokens, model.card().defaultPosition(), Progress.none()));
            }
            writeResults();
        }

        private void write(Representations found) {
            int rows = found.samples();
            List<SafetensorsWriter.Named> tensors = new ArrayList<>();
            ByteBuffer numbers = ByteBuffer.allocate(rows * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long row = 0; row < rows; row++) {
                numbers.putLong(row);
            }
            tensors.add(SafetensorsWriter.Named.of("rows", DType.I64, new long[] {rows}, numbers.flip()));
            for (int layer = 0; layer < found.layers().size(); layer++) {
                Matrix state = found.layers().get(layer);
                tensors.add(SafetensorsWriter.Named.of(
                        "hidden_states." + layer, state.values().clone(), rows, state.columns()));
            }
            SafetensorsWriter.write(run.resolve("part-0-of-1.safetensors"), tensors, Map.of());
            ObjectNode ending = Json.object();
            ending.putArray("parts").add("part-0-of-1.safetensors");
            Json.write(run.resolve("ending.json"), ending);
        }

        private OpenModel open(ModelSettings settings) {
            return workbench.openModel(settings.model(), "cpu", Progress.none());
        }

        private Path config() {
            return workbench.folders().config();
        }

        /** Returns the folder on this computer that holds the ticket of the job. */
        private Path here(String ticket) throws IOException {
            String name = folder.getFileName().toString();
            try (Stream<Path> all = Files.find(
                    home,
                    8,
                    (path, is) -> path.endsWith(ticket) && !path.startsWith(storage) && !path.startsWith(config()))) {
                return all.map(Path::getParent)
                        .filter(found -> JobTicket.read(found).folder().endsWith(name))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no ticket of " + id));
            }
        }

        private void writeResults() throws IOException {
            ObjectNode results = Json.object();
            ObjectNode files = results.putObject("files");
            try (Stream<Path> all = Files.walk(run)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String name = run.relativize(file).toString();
                    if (!name.contains("lock") && !name.startsWith("tensorboard") && !name.equals("results.json")) {
                        files.putObject(name)
                                .put("sha256", FileHash.sha256(file))
                                .put("bytes", Files.size(file));
                    }
                }
            }
            Json.write(run.resolve("results.json"), results);
        }
    }
}
