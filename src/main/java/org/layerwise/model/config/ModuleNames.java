package org.layerwise.model.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a family calls its modules, in HuggingFace's model with a task head, and under which other names files keep them.
 * Immutable.
 */
public final class ModuleNames {

    /** The modules that families have names for. */
    public enum Module {
        TOKENS,
        POSITIONS,
        SEGMENTS,
        EMBEDDING_NORM,
        EMBEDDING_PROJECTION,
        RELATIVE_POSITIONS,
        RELATIVE_NORM,
        CONVOLUTION,
        CONVOLUTION_NORM,
        FINAL_NORM,
        // in a layer
        QUERY,
        KEY,
        VALUE,
        QUERY_KEY_VALUE,
        ATTENTION_OUTPUT,
        QUERY_NORM,
        KEY_NORM,
        POSITION_KEY,
        POSITION_QUERY,
        ATTENTION_NORM,
        ATTENTION_OUTPUT_NORM,
        GATE,
        UP,
        GATE_UP,
        DOWN,
        FEED_FORWARD_NORM,
        FEED_FORWARD_OUTPUT_NORM,
        // of heads, with their full names
        HEAD_DENSE,
        HEAD_NORM,
        CLASSIFIER,
        LANGUAGE_MODEL
    }

    /** A prefix of full names and another that files have in its place. */
    private record Alias(String prefix, String inFile) {}

    private final String body;
    private final String layers;
    private final Map<Module, String> names;
    private final List<Alias> aliases;
    private final boolean turned;

    private ModuleNames(String body, String layers, Map<Module, String> names, List<Alias> aliases, boolean turned) {
        this.body = body;
        this.layers = layers;
        this.names = names;
        this.aliases = aliases;
        this.turned = turned;
    }

    /**
     * Names to be filled by {@link #with}.
     *
     * @param body prefix of the model without its head, for example {@code bert.}; a checkpoint without a head lacks it
     * @param layers prefix of layers in the body, for example {@code encoder.layer.}
     */
    static ModuleNames of(String body, String layers) {
        ModuleNames empty = new ModuleNames(body, layers, new EnumMap<>(Module.class), List.of(), false);
        return body.isEmpty() ? empty : empty.alias(body, "");
    }

    /** The same with one more name: within a layer, within the body, or in full for heads. */
    ModuleNames with(Module module, String name) {
        Map<Module, String> more = new EnumMap<>(names);
        more.put(module, name);
        return new ModuleNames(body, layers, more, aliases, turned);
    }

    /** The same with another prefix that files may have in place of one. */
    ModuleNames alias(String prefix, String inFile) {
        List<Alias> more = new ArrayList<>(aliases);
        more.add(new Alias(prefix, inFile));
        return new ModuleNames(body, layers, names, List.copyOf(more), turned);
    }

    /** These names under another body, such as the language model of a model that sees images. */
    ModuleNames under(String otherBody) {
        return new ModuleNames(otherBody, layers, names, List.of(), turned);
    }

    /** The same for files that keep the weights of layers' linear maps as {@code [in, out]} (GPT-2). */
    ModuleNames storedTurned() {
        return new ModuleNames(body, layers, names, aliases, true);
    }

    /** Whether files keep the weights of layers' linear maps as {@code [in, out]}. */
    public boolean turned() {
        return turned;
    }

    /** The full name of a module of a layer. */
    public String inLayer(int layer, Module module) {
        return layerPrefix(layer) + name(module);
    }

    /** What the full names of a layer's modules begin with. */
    public String layerPrefix(int layer) {
        return layersPrefix() + layer + ".";
    }

    /** What the full names of all layers' modules begin with, before the number. */
    public String layersPrefix() {
        return body + layers;
    }

    /** The full name of a module of the body. */
    public String inBody(Module module) {
        return body + name(module);
    }

    /** The full name of a module of a head. */
    public String head(Module module) {
        return name(module);
    }

    /** Whether the family has a name for a module. */
    public boolean has(Module module) {
        return names.containsKey(module);
    }

    /** The names under which files may keep a tensor, the most likely first. */
    public List<String> inFiles(String tensor) {
        List<String> possible = new ArrayList<>(List.of(tensor));
        for (Alias alias : aliases) {
            if (tensor.startsWith(alias.prefix())) {
                possible.add(alias.inFile() + tensor.substring(alias.prefix().length()));
            }
        }
        // checkpoints converted from TensorFlow keep its names of a normalisation's parameters
        for (String name : List.copyOf(possible)) {
            if (name.contains("LayerNorm.")) {
                possible.add(name.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"));
            }
        }
        return possible;
    }

    private String name(Module module) {
        String name = names.get(module);
        if (name == null) {
            throw new IllegalStateException("this family has no name for its " + module);
        }
        return name;
    }
}
