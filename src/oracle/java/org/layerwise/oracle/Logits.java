package org.layerwise.oracle;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.PixelBatch;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Writes the logits of a model, for the comparison with PEFT's: {@code Logits MODEL ADAPTER|none INPUT OUTPUT}. The input
 * holds {@code input_ids} and {@code attention_mask} {@code [batch, sequence]}, and {@code token_type_ids} and
 * {@code pixel_values} where there are some; the output {@code logits}, {@code [batch, labels]} or
 * {@code [batch, sequence, vocabulary]}.
 */
public final class Logits {

    private Logits() {}

    /** Ends with 1 and a sentence if something does not fit. */
    public static void main(String[] args) {
        try {
            TensorEngine engine = TensorEngine.start();
            try (TransformerModel base =
                            TransformerModel.load(engine, Checkpoint.open(Path.of(args[0])), Device.CPU, Progress.none());
                    SafetensorsFile input = SafetensorsFile.open(Path.of(args[2]))) {
                write(Path.of(args[3]), engine, base, args[1], batch(input));
            }
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static TokenBatch batch(SafetensorsFile input) {
        long[] shape = input.entry("input_ids").shape();
        long[] ids = whole(input, "input_ids");
        long[] types = input.names().contains("token_type_ids") ? whole(input, "token_type_ids") : new long[ids.length];
        PixelBatch pixels = input.names().contains("pixel_values") ? pixels(input) : null;
        return new TokenBatch(
                (int) shape[0], (int) shape[1], ids, types, whole(input, "attention_mask"), pixels);
    }

    private static PixelBatch pixels(SafetensorsFile input) {
        TensorEntry entry = input.entry("pixel_values");
        float[] values = new float[(int) entry.elements()];
        input.bytes("pixel_values").asFloatBuffer().get(values);
        long[] shape = entry.shape();
        return new PixelBatch((int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3], values);
    }

    private static long[] whole(SafetensorsFile input, String name) {
        ByteBuffer bytes = input.bytes(name);
        long[] values = new long[(int) input.entry(name).elements()];
        bytes.asLongBuffer().get(values);
        return values;
    }

    private static void write(Path out, TensorEngine engine, TransformerModel base, String adapter, TokenBatch batch) {
        if (adapter.equals("none")) {
            try (TensorOwner owner = engine.owner()) {
                write(out, engine, TaskModel.of(base, ownHead(base, owner)), batch);
            }
        } else {
            try (AdaptedModel adapted = AdaptedModel.load(base, PeftAdapter.read(Path.of(adapter), engine), 0)) {
                write(out, engine, adapted, batch);
            }
        }
    }

    private static OutputHead ownHead(TransformerModel base, TensorOwner owner) {
        return base.storedLabels().isPresent()
                ? base.head(owner, base.storedLabels().get(), 0).head()
                : base.languageModelHead(owner);
    }

    private static void write(Path out, TensorEngine engine, TaskModel model, TokenBatch batch) {
        try (Scope scope = engine.inference()) {
            ModelInput input = model.base().input(batch);
            Tensor hidden = model.transformer().forward(input);
            Tensor logits = model.head() instanceof LanguageModelHead head
                    ? head.logits(hidden)
                    : ((ClassificationHead) model.head()).logits(hidden, input, ModelConfig.Dropout.NONE);
            SafetensorsWriter.write(
                    out, List.of(Named.of("logits", logits.floats(), logits.shape())), Map.of());
        }
    }
}
