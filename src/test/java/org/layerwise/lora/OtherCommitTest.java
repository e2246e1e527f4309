package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Adapters that are used with a model of the hub whose author has pushed another commit meanwhile. */
class OtherCommitTest {

    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);

    @TempDir
    private Path cache;

    private final TensorEngine engine = Engines.shared();

    @Test
    void anAdapterOfAnotherCommitIsRemarkedOn() throws IOException {
        assertThat(remark(OLD, NEW)).hasValueSatisfying(words -> assertThat(words)
                .startsWith("The adapter ")
                .endsWith(
                        " was made for the commit %s of org/name, but the open model is of the commit %s; name org/name@%s for the one that it was made for."
                                .formatted(OLD, NEW, OLD)));
    }

    @Test
    void anAdapterOfThisCommitOrOfABranchIsNot() throws IOException {
        assertThat(remark(NEW, NEW)).isEmpty();
        assertThat(remark("main", NEW)).isEmpty();
        assertThat(remark(null, NEW)).isEmpty();
    }

    private Optional<String> remark(@Nullable String made, String open) throws IOException {
        Path snapshot = cache.resolve("models--org--name/snapshots").resolve(open);
        if (!Files.exists(snapshot)) {
            Files.createDirectories(snapshot);
            for (String file : List.of("config.json", "model.safetensors")) {
                Files.copy(Golden.folder("bert").resolve(file), snapshot.resolve(file));
            }
        }
        Path folder = Files.createTempDirectory(cache, "adapter");
        try (TransformerModel base =
                TransformerModel.load(engine, Checkpoint.open(snapshot), Engines.device(), Progress.none())) {
            try (AdaptedModel fresh =
                    AdaptedModel.classifier(base, PlainLora.config(2, 2, 0, List.of("query"), Set.of(1)), 3, 1)) {
                fresh.toPeft(new BaseModel("org/name", made)).write(folder);
            }
            try (AdaptedModel again = AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0)) {
                return again.remark();
            }
        }
    }
}
