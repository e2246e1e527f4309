package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** Checkpoints that store a language-model head although their configuration ties it to the token embeddings. */
class TiedHeadTest {

    private static final String MODEL = "v5/gemma3_text";
    private static final String TOKENS = "model.embed_tokens.weight";

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    /** A copy of the fixture with the token embeddings as its head, the first byte changed by {@code change}. */
    private Path withHead(int change) throws IOException {
        Files.copy(Golden.folder(MODEL).resolve("config.json"), folder.resolve("config.json"));
        try (SafetensorsFile file = SafetensorsFile.open(Golden.folder(MODEL).resolve("model.safetensors"))) {
            List<SafetensorsWriter.Named> tensors = new ArrayList<>();
            for (String name : file.names()) {
                TensorEntry entry = file.entry(name);
                tensors.add(SafetensorsWriter.Named.of(name, entry.type(), entry.shape(), file.bytes(name)));
            }
            TensorEntry tokens = file.entry(TOKENS);
            byte[] head = new byte[(int) tokens.bytes()];
            file.bytes(TOKENS).get(head);
            head[0] += (byte) change;
            tensors.add(
                    SafetensorsWriter.Named.of("lm_head.weight", tokens.type(), tokens.shape(), ByteBuffer.wrap(head)));
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }
        return folder;
    }

    private int headWidth(Path model) {
        try (TransformerModel opened =
                        TransformerModel.load(engine, Checkpoint.open(model), Engines.device(), Progress.none());
                TensorOwner holder = engine.owner()) {
            return opened.languageModelHead(holder).output().in();
        }
    }

    @Test
    void aHeadWithTheSameValuesIsTheTokenEmbeddings() throws IOException {
        assertThat(headWidth(withHead(0))).isEqualTo(32);
    }

    /** Of such a file, transformers 4 takes the embeddings and transformers 5 the head. */
    @Test
    void aHeadWithOtherValuesIsRefused() throws IOException {
        Path model = withHead(1);
        assertThatThrownBy(() -> headWidth(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("lm_head.weight and model.embed_tokens.weight with different values");
    }
}
