package org.layerwise.lora;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.layerwise.base.Progress;
import org.layerwise.model.ModulePattern;
import org.layerwise.model.TargetModules;
import org.layerwise.model.config.ModuleNames;

/**
 * Choice of the modules that get an adapter, and of their ranks, as in PEFT 0.17.1 ({@code check_target_module_exists}
 * and {@code get_pattern_key} in its sources).
 */
final class ModuleMatcher {

    /** Layer index of a module outside the layers. */
    static final int OUTSIDE = -1;

    private final LoraConfig config;
    private final ModuleNames names;
    private final TargetModules targets;
    private final TargetModules excluded;
    private final List<ModulePattern> saved;
    private final List<ModulePattern> layerPatterns;
    private final Progress progress;

    /**
     * Creates a choice.
     *
     * @param names names that adapters may use for the modules
     * @param savedModules modules that are trained in full and therefore get no adapter
     * @param progress progress that is checked before each pattern, since the file of an adapter may hold a million
     */
    ModuleMatcher(LoraConfig config, ModuleNames names, List<String> savedModules, Progress progress) {
        this.config = config;
        this.progress = progress;
        this.names = names;
        this.targets = new TargetModules(config.targetModules());
        this.excluded = new TargetModules(config.details().excluded());
        this.saved = savedModules.stream()
                .map(module -> ModulePattern.of("(^|.*\\.)" + module + "($|\\..*)"))
                .toList();
        this.layerPatterns = config.details().layersPattern().stream()
                .map(pattern -> ModulePattern.of(".*\\." + pattern + "\\.(\\d+)\\."))
                .toList();
    }

    /**
     * Returns true if a linear module gets an adapter.
     *
     * @param layer layer of the module, or {@link #OUTSIDE}
     */
    boolean adapts(String module, int layer) {
        return names.inFiles(module).stream().anyMatch(name -> adaptsNamed(name, layer));
    }

    private boolean adaptsNamed(String name, int layer) {
        progress.check();
        if (excluded.match(name)) {
            return false;
        }
        for (ModulePattern pattern : saved) {
            progress.check();
            if (pattern.matches(name)) {
                return false;
            }
        }
        return targets.match(name)
                && (config.details().everyLayer() || targets.isFullName(name) || inLayers(name, layer));
    }

    private boolean inLayers(String name, int layer) {
        if (layerPatterns.isEmpty()) {
            return config.layers().contains(layer);
        }
        for (ModulePattern pattern : layerPatterns) {
            progress.check();
            OptionalInt named = pattern.number(name);
            if (named.isPresent()) {
                return config.layers().contains(named.getAsInt());
            }
        }
        return false;
    }

    /** Returns the rank of a module's adapter. */
    int rank(String module) {
        return ofPattern(config.rankPattern(), names, module, config.rank(), progress);
    }

    /** Returns the scale of a module's adapter. */
    double scale(String module) {
        double alpha = ofPattern(config.alphaPattern(), names, module, config.alpha(), progress);
        return config.scale(rank(module), alpha);
    }

    /**
     * Returns the value of a module.
     *
     * @param pattern values by names or regular expressions, of which the first that matches counts
     * @param names names that adapters may use for the modules
     * @param usual value of a module that none matches
     * @param progress progress that is checked before each name
     */
    static <V> V ofPattern(Map<String, V> pattern, ModuleNames names, String module, V usual, Progress progress) {
        for (Map.Entry<String, V> entry : pattern.entrySet()) {
            progress.check();
            if (means(names, entry.getKey(), module)) {
                return entry.getValue();
            }
        }
        return usual;
    }

    /** Returns true if a key of a rank or alpha pattern matches a module. */
    static boolean means(ModuleNames names, String key, String module) {
        ModulePattern compiled = ModulePattern.of("(.*\\.)?(" + key + ")$");
        return names.inFiles(module).stream().anyMatch(compiled::matches);
    }
}
