package org.layerwise.lora;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.layerwise.model.TargetModules;
import org.layerwise.model.TransformerModel;

/** Expresses the modules that have adapters as PEFT settings. */
final class PeftTargets {

    private PeftTargets() {}

    /** Returns the settings with targets that select the same modules in PEFT. */
    static LoraConfig of(TransformerModel base, LoraConfig config, Collection<String> adapted) {
        TargetModules targets = new TargetModules(config.targetModules());
        boolean everyLayer = config.details().everyLayer();
        if (base.description().vision() != null && targets.expression().isEmpty()) {
            return expression(config, languageModelOnly(base, config, targets));
        }
        if (targets.all()) {
            return config.withTargets(
                    everyLayer ? suffixes(base, adapted) : base.blueprint().linearModules());
        }
        // PEFT takes an expression or layers, not both
        return targets.expression().isPresent() && !everyLayer
                ? config.withTargets(adapted.stream().sorted().toList())
                : config;
    }

    private static LoraConfig expression(LoraConfig config, String expression) {
        return config.withTargets(List.of(expression))
                .withDetails(config.details().withEveryLayer());
    }

    /**
     * Returns an expression for modules of the language model alone, since a bare name would also match modules of the
     * vision tower.
     */
    private static String languageModelOnly(TransformerModel base, LoraConfig config, TargetModules targets) {
        List<String> names = targets.all() ? base.blueprint().linearModules() : config.targetModules();
        String layers = config.layers().stream().map(String::valueOf).collect(Collectors.joining("|"));
        boolean parts = names.stream().anyMatch(name -> name.contains("."));
        return ".*language_model\\.layers\\.(%s)\\.%s(%s)"
                .formatted(
                        layers,
                        parts ? "(?:.*\\.)?" : ".*\\.",
                        names.stream().map(name -> name.replace(".", "\\.")).collect(Collectors.joining("|")));
    }

    /** Returns the names of modules without the prefix of their layer. */
    private static List<String> suffixes(TransformerModel base, Collection<String> modules) {
        String prefix = base.description().names().layersPrefix();
        SortedSet<String> suffixes = new TreeSet<>();
        for (String module : modules) {
            suffixes.add(
                    module.startsWith(prefix) ? module.substring(module.indexOf('.', prefix.length()) + 1) : module);
        }
        return List.copyOf(suffixes);
    }
}
