package org.layerwise.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * Writes the logits of models, for the comparison with PEFT's. Every line of the input asks for some:
 * {@code MODEL<tab>ADAPTER or none<tab>INPUT<tab>OUTPUT}; the answer is {@code ok} or a sentence that says what does not
 * fit. INPUT holds {@code input_ids} and {@code attention_mask} {@code [batch, sequence]}, and {@code token_type_ids} and
 * {@code pixel_values} where there are some; OUTPUT {@code logits}, {@code [batch, labels]} or
 * {@code [batch, sequence, vocabulary]}.
 */
public final class Logits {

    private Logits() {}

    /** Answers until the input ends. */
    public static void main(String[] args) throws IOException {
        TensorEngine engine = TensorEngine.start();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] parts = line.split("\t");
            System.out.println(answer(engine, Path.of(parts[0]), parts[1], Path.of(parts[2]), Path.of(parts[3])));
        }
    }

    private static String answer(TensorEngine engine, Path model, String adapter, Path input, Path output) {
        try (TransformerModel base =
                        TransformerModel.load(engine, Checkpoint.open(model), Device.CPU, Progress.none());
                SafetensorsFile batch = SafetensorsFile.open(input)) {
            write(output, engine, base, adapter, batch(batch));
            return "ok";
        } catch (UserException e) {
            return e.getMessage();
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
                write(out, engine, new TaskModel.Plain(base, ownHead(base, owner)), batch);
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
