package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsWriter.Named;

/** Weights are split as transformers does: a shard ends before the tensor that would make it too large. */
class ShardedWriterTest {

    @TempDir
    private Path folder;

    // 40, 20, 400 and 20 bytes
    private final List<Named> tensors = List.of(
            Named.of("d", new float[10], 10),
            Named.of("c", new float[5], 5),
            Named.of("b", new float[100], 10, 10),
            Named.of("a", new float[5], 5));

    @ParameterizedTest
    @CsvSource({"480, 1", "479, 2", "60, 3", "59, 4", "1, 4"})
    void splits(long shardBytes, int files) throws IOException {
        assertThat(ShardedWriter.write(folder, tensors, shardBytes, Progress.none()))
                .isEqualTo(files);

        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written.filter(path -> path.toString().endsWith(".safetensors")))
                    .hasSize(files);
        }
        assertThat(Files.exists(folder.resolve("model.safetensors"))).isEqualTo(files == 1);
        assertThat(Files.exists(folder.resolve("model.safetensors.index.json"))).isEqualTo(files > 1);
    }

    @Test
    void theIndexSaysWhereEachTensorIs() {
        ShardedWriter.write(folder, tensors, 60, Progress.none());

        JsonNode index = Json.read(folder.resolve("model.safetensors.index.json"));
        assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(480);
        assertThat(index.path("metadata").path("total_parameters").asLong()).isEqualTo(120);
        assertThat(index.path("weight_map").fieldNames()).toIterable().containsExactly("a", "b", "c", "d");
        assertThat(index.path("weight_map").path("c").asText()).isEqualTo("model-00001-of-00003.safetensors");
        assertThat(index.path("weight_map").path("b").asText()).isEqualTo("model-00002-of-00003.safetensors");
        try (SafetensorsFile last = SafetensorsFile.open(folder.resolve("model-00003-of-00003.safetensors"))) {
            assertThat(last.names()).containsExactly("a");
            assertThat(last.metadata()).containsEntry("format", "pt");
        }
    }
}
