package org.layerwise.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;

/**
 * Sample model that is part of Layerwise: BAAI's bge-small-en-v1.5, a pretrained BERT of 12 layers and 33 million
 * parameters under the MIT licence. The class path contains it as an ONNX file, which is converted into a HuggingFace
 * folder on first use.
 */
public final class SampleModel {

    /** Name of the model and of its folder. */
    public static final String NAME = "bge-small-en-v1.5";

    /** SHA-256 of its tokenizer.json. */
    public static final String TOKENIZER_SHA256 = "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66";

    private static final String ONNX = "/bge-small-en-v1.5.onnx";
    private static final String TOKENIZER = "/bge-small-en-v1.5-tokenizer.json";
    private static final String MODEL_CARD = "sample-model-card.md";

    // not visible in shapes; the model's attention divides by the square root of this
    private static final int HEAD_SIZE = 32;

    // share of a conversion's time
    private static final double READING = 0.7;

    private static final String WAITING = "Waiting for another Layerwise that prepares the sample model";

    private SampleModel() {}

    /**
     * Returns the folder of the sample model, and creates it if it is missing or incomplete. Several threads and
     * processes may call this method at once: one converts, the others wait for the result.
     *
     * @param modelsFolder folder of this user's models; created if necessary
     * @return {@code modelsFolder/bge-small-en-v1.5}, which {@link Checkpoint#open} opens
     * @throws UserException if the folder cannot be written
     * @throws CancelledException if cancelled; no part of the model remains
     */
    public static Path provide(Path modelsFolder, Progress progress) {
        Path target = modelsFolder.resolve(NAME);
        if (isComplete(target)) {
            return target;
        }
        WritablePaths.requireFolder(modelsFolder);
        Path lockFile = modelsFolder.resolve("." + NAME + ".lock");
        try (FileLock turn = FileLock.take(lockFile, WAITING, progress)) {
            if (!isComplete(target)) {
                deleteLeftovers(modelsFolder);
                convert(target, progress);
            }
            return target;
        } catch (IOException e) {
            throw new UserException(
                    "Cannot prepare the sample model in %s: %s.".formatted(modelsFolder, FileErrors.reason(e)), e);
        }
    }

    private static boolean isComplete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            int layers = checkpoint.config().path("num_hidden_layers").intValue();
            return checkpoint.tokenizer().isPresent()
                    && checkpoint.has("encoder.layer.%s.output.LayerNorm.weight".formatted(layers - 1));
        } catch (UserException e) {
            return false; // a damaged model is created again, without a message to the user
        }
    }

    /** Deletes the unfinished folders of conversions that were killed; while the lock is held, nobody uses them. */
    private static void deleteLeftovers(Path modelsFolder) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(modelsFolder, "." + NAME + ".part*")) {
            leftovers.forEach(Folders::delete);
        }
    }

    private static void convert(Path target, Progress progress) {
        BertFromOnnx model = read(progress.part(0, READING));
        AtomicFiles.writeFolder(target, beside -> {
            SafetensorsWriter.write(
                    beside.resolve("model.safetensors"),
                    model.tensors(),
                    Map.of("format", "pt"),
                    progress.part(READING, 1));
            Json.write(beside.resolve("config.json"), model.config(HEAD_SIZE));
            copy(resource(TOKENIZER), beside.resolve("tokenizer.json"));
            copy(resource(MODEL_CARD), beside.resolve("README.md"));
            progress.check();
        });
    }

    private static BertFromOnnx read(Progress progress) {
        try {
            URLConnection connection = resource(ONNX).openConnection();
            try (InputStream stream = connection.getInputStream()) {
                return new BertFromOnnx(OnnxGraph.read(stream, connection.getContentLengthLong(), progress));
            }
        } catch (IOException e) {
            throw new UserException(
                    "The sample model in the application's own files is damaged: %s; install Layerwise again."
                            .formatted(FileErrors.reason(e)),
                    e);
        }
    }

    private static URL resource(String name) {
        URL url = SampleModel.class.getResource(name);
        if (url == null) {
            throw new UserException(
                    "The sample model's %s is missing from the application's own files; install Layerwise again."
                            .formatted(name.replace("/", "")));
        }
        return url;
    }

    private static void copy(URL from, Path to) throws IOException {
        try (InputStream stream = from.openStream()) {
            Files.copy(stream, to);
        }
    }
}
