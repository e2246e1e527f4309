package org.layerwise.generation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.PixelBatch;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** A fixture's decoder with its head, and the slow way to go on with a prompt. */
final class GoldenDecoder implements AutoCloseable {

    private final TensorEngine engine;
    private final TransformerModel model;
    private final TensorOwner owner;
    private final LanguageModelHead head;

    GoldenDecoder(TensorEngine engine, String fixture) {
        this(engine, Golden.folder(fixture), Engines.device(), OptionalInt.empty());
    }

    /** @param never a token that it never writes */
    GoldenDecoder(TensorEngine engine, Path folder, OptionalInt never) {
        this(engine, folder, Engines.device(), never);
    }

    GoldenDecoder(TensorEngine engine, Path folder, Device device, OptionalInt never) {
        this.engine = engine;
        this.model = TransformerModel.load(engine, Checkpoint.open(folder), device, Progress.none());
        this.owner = engine.owner();
        LanguageModelHead own = model.languageModelHead(owner);
        this.head = never.isEmpty() ? own : without(own, never.getAsInt());
    }

    /** Of a model that sees images one that never writes an image token, which could not be computed anew. */
    static GoldenDecoder withoutImageToken(TensorEngine engine, String fixture) {
        JsonNode image =
                Json.read(Golden.folder(fixture).resolve("config.json")).path("image_token_index");
        return new GoldenDecoder(
                engine, Golden.folder(fixture), image.isInt() ? OptionalInt.of(image.asInt()) : OptionalInt.empty());
    }

    /** All fixtures that predict tokens. */
    static List<String> fixtures() {
        Path all = Golden.folder("");
        try (Stream<Path> folders = Stream.concat(Files.list(all), Files.list(all.resolve("v5")))) {
            return folders.filter(folder -> predictsTokens(folder.resolve("config.json")))
                    .map(folder -> all.relativize(folder).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean predictsTokens(Path config) {
        String architecture = Files.exists(config)
                ? Json.read(config).path("architectures").path(0).asText()
                : "";
        return architecture.matches(".*(ForCausalLM|LMHeadModel|ForConditionalGeneration)");
    }

    private LanguageModelHead without(LanguageModelHead own, int token) {
        float[] bias = new float[own.output().out()];
        bias[token] = -1e9f;
        try (Scope scope = engine.inference()) {
            Tensor added = owner.adopt(engine.of(bias, bias.length).to(model.device()));
            return own.withOutput(new Linear(own.output().name(), own.output().weight(), added, null));
        }
    }

    TransformerModel model() {
        return model;
    }

    LanguageModelHead head() {
        return head;
    }

    Generator generator(Set<Long> ends) {
        return new Generator(new TaskModel.Plain(model, head), ends, null);
    }

    /** What prompts go on with, all in one batch unless {@code rowsAtOnce} says otherwise. */
    List<long[]> greedy(List<long[]> prompts, int tokens, int rowsAtOnce) {
        return generator(Set.of())
                .generate(dataset(prompts), GenerationSettings.greedy(tokens), rowsAtOnce, Progress.none())
                .stream()
                .map(GeneratedText::tokens)
                .toList();
    }

    static TokenizedDataset dataset(List<long[]> prompts) {
        List<TokenRow> rows =
                prompts.stream().map(prompt -> new TokenRow(prompt, null)).toList();
        return new TokenizedDataset("prompts", rows, new Labels.None(), 0, 1000);
    }

    /** The logits of each next token, the tokens computed all anew each time. */
    List<double[]> slowly(Transformer transformer, long[] prompt, PixelBatch pixels, int tokens) {
        List<double[]> steps = new ArrayList<>();
        long[] ids = prompt;
        for (int i = 0; i < tokens; i++) {
            double[] logits = lastLogits(transformer, ids, pixels);
            steps.add(logits);
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = argmax(logits);
        }
        return steps;
    }

    double[] lastLogits(Transformer transformer, long[] ids, PixelBatch pixels) {
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        try (Scope scope = engine.inference()) {
            TokenBatch batch = new TokenBatch(1, ids.length, ids, new long[ids.length], ones, pixels);
            Tensor hidden = transformer.forward(model.input(batch));
            return head.logits(hidden.select(1, ids.length - 1L)).doubles();
        }
    }

    static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public void close() {
        owner.close();
        model.close();
    }
}
