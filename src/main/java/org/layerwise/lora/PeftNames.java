package org.layerwise.lora;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of tensors in PEFT's {@code adapter_model.safetensors}. */
final class PeftNames {

    static final String PREFIX = "base_model.model.";
    static final String LORA_A = ".lora_A.weight";
    static final String LORA_B = ".lora_B.weight";
    static final String MISS_BLOCK = ".miss_block";

    static final String MAGNITUDE = ".lora_magnitude_vector";
    static final String BIAS_OF_B = ".lora_B.bias";
    static final String BASE_LAYER = ".base_layer";
    static final String BIAS = ".bias";

    private static final String EXPERTS = "experts";
    private static final Pattern ONE_EXPERT = Pattern.compile("\\.experts\\.\\d+\\.");

    /** Layer of a module: the number after {@code layer.}. */
    private static final Pattern LAYER = Pattern.compile(".*\\.[^.]*\\.(\\d+)\\.");

    private PeftNames() {}

    /** Returns the layers of modules from their full names, as PEFT reads them. */
    static SortedSet<Integer> layers(Collection<String> modules) {
        SortedSet<Integer> layers = new TreeSet<>();
        for (String module : modules) {
            Matcher matcher = LAYER.matcher("." + module);
            if (matcher.lookingAt()) {
                layers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return layers;
    }

    static String loraA(String module) {
        return PREFIX + module + LORA_A;
    }

    static String loraB(String module) {
        return PREFIX + module + LORA_B;
    }

    static String missBlock(String module) {
        return PREFIX + module + MISS_BLOCK;
    }

    /** Returns true if a tensor is trained by an adapter, and not a bias or part of a module that is saved in full. */
    static boolean ofAdapter(String name) {
        return name.contains(".lora_") || name.endsWith(MISS_BLOCK);
    }

    /** Returns the end of the name of the first tensor of an adapter on a linear module. */
    static String firstOf(LoraVariant variant) {
        return variant.sharded() ? MISS_BLOCK : LORA_A;
    }

    /** Returns true for the name under which PEFT puts adapters on the weights of experts. */
    static boolean ofExperts(String module) {
        return module.endsWith(EXPERTS) || module.endsWith(EXPERTS + BASE_LAYER);
    }

    /** Returns true if a tensor is of one expert, and not of all experts of a layer. */
    static boolean ofOneExpert(String name) {
        return ONE_EXPERT.matcher(name).find();
    }

    /** Returns true if a tensor is A or B. */
    static boolean isProduct(String name) {
        return name.endsWith(LORA_A) || name.endsWith(LORA_B);
    }

    /** Returns true if a tensor is LoRA on an embedding table. */
    static boolean ofTokens(String name) {
        return name.contains(".lora_embedding_");
    }

    static String magnitude(String module) {
        return PREFIX + module + MAGNITUDE;
    }

    static String biasOfB(String module) {
        return PREFIX + module + BIAS_OF_B;
    }

    /**
     * Returns the name of a trained bias of the base model, which depends on adapters, since PEFT wraps modules that
     * have one.
     */
    static String bias(String module, boolean adapted) {
        return PREFIX + module + (adapted ? BASE_LAYER : "") + BIAS;
    }

    /** Returns true if a tensor is a trained bias of a module with an adapter. */
    static boolean isBiasOfAdapted(String name) {
        return name.endsWith(BASE_LAYER + BIAS);
    }

    /** Returns the name that a trained bias of a module with an adapter has where the module has none. */
    static String biasWithoutAdapter(String name) {
        return name.substring(0, name.length() - (BASE_LAYER + BIAS).length()) + BIAS;
    }

    /** Returns the name of a tensor of a module that is saved in full. */
    static String saved(String module, String tensor) {
        return PREFIX + module + "." + tensor;
    }

    /**
     * Returns true if PEFT trains a module of the head in full without being asked, for sequence classification: PEFT
     * compares the ends of module names, so that DistilBERT's {@code pre_classifier} matches as well.
     */
    static boolean alwaysSaved(String module) {
        String first = module.split("\\.")[0];
        return first.endsWith("classifier") || first.endsWith("score");
    }

    /**
     * Returns true if a module is one of {@code modules_to_save} or part of one. PEFT compares the ends of the names of
     * all modules, without requiring a dot.
     */
    static boolean saves(Collection<String> modulesToSave, String module) {
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            String whole = module.substring(0, end);
            if (modulesToSave.stream().anyMatch(whole::endsWith)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true for a tensor that PEFT writes although it never reads it: the untrained twin of a saved module. */
    static boolean isUnusedCopy(String name) {
        return name.contains(".original_module.") || name.contains(".modules_to_save.");
    }

    /**
     * Returns the name in PEFT's {@code modules_to_save} for the part of the head to which a module belongs: a whole
     * with its parts.
     */
    static String moduleToSave(String module) {
        String[] parts = module.split("\\.");
        int last = parts.length - 1;
        boolean part = last > 0 && Set.of("dense", "out_proj", "norm").contains(parts[last]);
        return parts[part ? last - 1 : last];
    }

    /** Returns the module of a tensor with this ending; empty for other tensors. */
    static Optional<String> module(String name, String ending) {
        return name.startsWith(PREFIX) && name.endsWith(ending)
                ? Optional.of(name.substring(PREFIX.length(), name.length() - ending.length()))
                : Optional.empty();
    }
}
