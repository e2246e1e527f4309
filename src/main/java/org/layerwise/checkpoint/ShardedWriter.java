package org.layerwise.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;

/**
 * Writes a model's weights as transformers' {@code save_pretrained} does: into {@code model.safetensors}, or, if they
 * are larger than one shard may be, into {@code model-00001-of-00002.safetensors} and so on with
 * {@code model.safetensors.index.json}.
 */
public final class ShardedWriter {

    /** Maximum size of a shard that transformers writes by default, in bytes. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private ShardedWriter() {}

    /**
     * Writes into an existing folder.
     *
     * @param tensors tensors in the order in which they fill the shards; each is read when it is written
     * @param shardBytes maximum size of a shard's tensors together, in bytes; a larger tensor has a shard of its own
     * @return the number of weight files
     * @throws org.layerwise.base.UserException if the folder cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static int write(Path folder, List<SafetensorsWriter.Named> tensors, long shardBytes, Progress progress) {
        List<List<SafetensorsWriter.Named>> shards = shards(tensors, shardBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve(Checkpoint.SINGLE), shards.get(0), METADATA, progress);
            return 1;
        }
        long total = bytes(tensors);
        long before = 0;
        Map<String, String> fileOfTensor = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            long after = before + bytes(shards.get(i));
            SafetensorsWriter.write(
                    folder.resolve(file),
                    shards.get(i),
                    METADATA,
                    progress.part((double) before / total, (double) after / total));
            shards.get(i).forEach(tensor -> fileOfTensor.put(tensor.name(), file));
            before = after;
        }
        ObjectNode index = Json.object();
        index.putObject("metadata").put("total_parameters", elements(tensors)).put("total_size", total);
        index.set("weight_map", Json.tree(fileOfTensor));
        Json.write(folder.resolve(Checkpoint.INDEX), index);
        return shards.size();
    }

    private static List<List<SafetensorsWriter.Named>> shards(List<SafetensorsWriter.Named> tensors, long most) {
        List<List<SafetensorsWriter.Named>> shards = new ArrayList<>(List.of(new ArrayList<>()));
        long filled = 0;
        for (SafetensorsWriter.Named tensor : tensors) {
            if (filled > 0 && filled + tensor.bytes() > most) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.get(shards.size() - 1).add(tensor);
            filled += tensor.bytes();
        }
        return shards;
    }

    private static long bytes(List<SafetensorsWriter.Named> tensors) {
        return tensors.stream().mapToLong(SafetensorsWriter.Named::bytes).sum();
    }

    private static long elements(List<SafetensorsWriter.Named> tensors) {
        return tensors.stream()
                .mapToLong(tensor -> Arrays.stream(tensor.shape()).reduce(1, Math::multiplyExact))
                .sum();
    }
}
