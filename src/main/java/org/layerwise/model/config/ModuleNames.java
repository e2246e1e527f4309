package org.layerwise.model.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Names of a family's modules in HuggingFace's model with a task head, and the other names that files use for them.
 * Immutable.
 */
public final class ModuleNames {

    /** Modules that families have names for. */
    public enum Module {
        TOKENS,
        POSITIONS,
        SEGMENTS,
        EMBEDDING_NORM,
        EMBEDDING_PROJECTION,
        RELATIVE_POSITIONS,
        RELATIVE_NORM,
        PER_LAYER_TOKENS,
        PER_LAYER_MODEL_PROJECTION,
        PER_LAYER_NORM,
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
        SINKS,
        LAYER_SCALE,
        PER_LAYER_GATE,
        PER_LAYER_PROJECTION,
        PER_LAYER_OUTPUT_NORM,
        DELTA_INPUT,
        DELTA_GATE,
        DELTA_WRITE_RATE,
        DELTA_DECAY_RATE,
        DELTA_RATES,
        DELTA_CONVOLUTION,
        DELTA_DECAY_LOG,
        DELTA_DECAY_BIAS,
        DELTA_NORM,
        DELTA_OUTPUT,
        ATTENTION_NORM,
        ATTENTION_OUTPUT_NORM,
        GATE,
        UP,
        GATE_UP,
        DOWN,
        ROUTER,
        ROUTER_SCALE,
        ROUTER_FACTORS,
        DENSE_OUTPUT_NORM,
        EXPERTS_NORM,
        EXPERTS_OUTPUT_NORM,
        EXPERTS,
        // as transformers 5 calls them, if files have another name
        JOINED_EXPERTS,
        SHARED_GATE,
        SHARED_UP,
        SHARED_DOWN,
        SHARED_WEIGHT,
        // in an expert
        EXPERT_GATE,
        EXPERT_UP,
        EXPERT_DOWN,
        // in a layer
        FEED_FORWARD_NORM,
        FEED_FORWARD_OUTPUT_NORM,
        // of heads, with full names
        HEAD_DENSE,
        HEAD_NORM,
        CLASSIFIER,
        LANGUAGE_MODEL
    }

    /** Prefix of full names and another prefix that files may use instead. */
    private record Alias(String prefix, String inFile) {}

    private final String body;
    private final String layers;
    private final Map<Module, String> names;
    private final List<Alias> aliases;
    private final Map<String, String> renamed;
    private final boolean turned;

    private ModuleNames(
            String body,
            String layers,
            Map<Module, String> names,
            List<Alias> aliases,
            Map<String, String> renamed,
            boolean turned) {
        this.body = body;
        this.layers = layers;
        this.names = names;
        this.aliases = aliases;
        this.renamed = renamed;
        this.turned = turned;
    }

    /**
     * Creates names to be completed by {@link #with}.
     *
     * @param body prefix of the model without its head, for example {@code bert.}; a checkpoint without a head lacks it
     * @param layers prefix of layers in the body, for example {@code encoder.layer.}
     */
    public static ModuleNames of(String body, String layers) {
        ModuleNames empty = new ModuleNames(body, layers, new EnumMap<>(Module.class), List.of(), Map.of(), false);
        return body.isEmpty() ? empty : empty.alias(body, "");
    }

    /** Returns the name of the experts of a layer in the model of transformers 5. */
    public String experts(int layer) {
        return inLayer(layer, has(Module.JOINED_EXPERTS) ? Module.JOINED_EXPERTS : Module.EXPERTS);
    }

    /** Returns these names with one more name: relative to a layer, relative to the body, or in full for heads. */
    public ModuleNames with(Module module, String name) {
        Map<Module, String> more = new EnumMap<>(names);
        more.put(module, name);
        return new ModuleNames(body, layers, more, aliases, renamed, turned);
    }

    /** Returns these names without that of a module. */
    public ModuleNames without(Module module) {
        Map<Module, String> fewer = new EnumMap<>(names);
        fewer.remove(module);
        return new ModuleNames(body, layers, fewer, aliases, renamed, turned);
    }

    /** Returns these names with another prefix that files may use instead of {@code prefix}. */
    public ModuleNames alias(String prefix, String inFile) {
        List<Alias> more = new ArrayList<>(aliases);
        more.add(new Alias(prefix, inFile));
        return new ModuleNames(body, layers, names, List.copyOf(more), renamed, turned);
    }

    /**
     * Returns these names with the name of a module in transformers 5, which calls it otherwise than transformers 4.
     * Files may use either.
     */
    public ModuleNames renamed(Module module, String later) {
        ModuleNames either = alias(name(module), later);
        return new ModuleNames(body, layers, names, either.aliases, Map.of(name(module), later), turned);
    }

    /** Returns the names of modules in transformers 5 by their names in transformers 4, where the two differ. */
    public Map<String, String> renamed() {
        return renamed;
    }

    /** Returns these names under another body, such as the language model of a model with a vision tower. */
    public ModuleNames under(String otherBody) {
        return new ModuleNames(otherBody, layers, names, List.of(), renamed, turned);
    }

    /** Returns these names for files that keep the weights of layers' linear maps as {@code [in, out]} (GPT-2). */
    public ModuleNames storedTurned() {
        return new ModuleNames(body, layers, names, aliases, renamed, true);
    }

    /** Returns true if files keep the weights of layers' linear maps as {@code [in, out]}. */
    public boolean turned() {
        return turned;
    }

    /** Returns the full name of a module of a layer. */
    public String inLayer(int layer, Module module) {
        return layerPrefix(layer) + name(module);
    }

    /** Returns the full name of a module of an expert. */
    public String inExpert(int layer, int expert, Module module) {
        return inLayer(layer, Module.EXPERTS) + "." + expert + "." + name(module);
    }

    /** Returns the name of a module or tensor of a layer without the prefix of the layer, such as {@code self_attn.q_proj}. */
    public String withoutLayer(int layer, String fullName) {
        return fullName.substring(layerPrefix(layer).length());
    }

    /** Returns the common prefix of the full names of a layer's modules. */
    public String layerPrefix(int layer) {
        return layersPrefix() + layer + ".";
    }

    /** Returns the common prefix of the full names of all layers' modules, before the number of the layer. */
    public String layersPrefix() {
        return body + layers;
    }

    /** Returns the full name of a module of the body. */
    public String inBody(Module module) {
        return body + name(module);
    }

    /** Returns the full name of a module of a head. */
    public String head(Module module) {
        return name(module);
    }

    /** Returns true if the family has a name for a module. */
    public boolean has(Module module) {
        return names.containsKey(module);
    }

    /** Returns the names that files may use for a tensor, the most likely first. */
    public List<String> inFiles(String tensor) {
        List<String> possible = new ArrayList<>(List.of(tensor));
        for (Alias alias : aliases) {
            if (tensor.startsWith(alias.prefix())) {
                possible.add(alias.inFile() + tensor.substring(alias.prefix().length()));
            }
        }
        // checkpoints converted from TensorFlow use TensorFlow's names for the parameters of a normalisation
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
