package org.layerwise.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/** Part of a layer that a linear module belongs to. */
public enum ModuleType {
    /** Attention, full or linear. */
    ATTENTION(
            "attention",
            "attention",
            EnumSet.of(
                    Module.QUERY,
                    Module.KEY,
                    Module.VALUE,
                    Module.QUERY_KEY_VALUE,
                    Module.ATTENTION_OUTPUT,
                    Module.POSITION_KEY,
                    Module.POSITION_QUERY,
                    Module.DELTA_INPUT,
                    Module.DELTA_GATE,
                    Module.DELTA_WRITE_RATE,
                    Module.DELTA_DECAY_RATE,
                    Module.DELTA_RATES,
                    Module.DELTA_OUTPUT)),
    /** Feed-forward network, dense or a mixture of experts. */
    MLP(
            "mlp",
            "MLP",
            EnumSet.of(
                    Module.GATE,
                    Module.UP,
                    Module.GATE_UP,
                    Module.DOWN,
                    Module.ROUTER,
                    Module.EXPERTS,
                    Module.JOINED_EXPERTS,
                    Module.SHARED_GATE,
                    Module.SHARED_UP,
                    Module.SHARED_DOWN,
                    Module.SHARED_WEIGHT));

    private final String id;
    private final String words;
    private final Set<Module> modules;

    ModuleType(String id, String words, Set<Module> modules) {
        this.id = id;
        this.words = words;
        this.modules = modules;
    }

    /** Returns the name in settings and files: {@code attention} or {@code mlp}. */
    public String id() {
        return id;
    }

    /** Returns the name for people. */
    public String words() {
        return words;
    }

    /**
     * Returns target modules for those modules of this type that other target modules match: their names in a layer, or
     * a regular expression if such a name is also the end of another module's name, as {@code output.dense} of BERT is
     * the end of {@code attention.output.dense}.
     *
     * @throws UserException if a target matches nothing in the model, or no match is of this type
     */
    public List<String> targets(ModelBlueprint model, List<String> targetModules) {
        ModuleNames names = model.description().names();
        Set<Integer> layers = model.linears().stream().map(LinearModule::layer).collect(Collectors.toSet());
        List<LinearModule> wanted = model.targets(layers, targetModules).stream()
                .filter(linear -> contains(names, linear))
                .toList();
        if (wanted.isEmpty()) {
            throw new UserException("Of the target modules %s of %s, none belongs to %s; name others for it."
                    .formatted(
                            String.join(", ", targetModules), model.checkpoint().folder(), words));
        }
        List<String> inLayer = wanted.stream()
                .map(linear -> names.withoutLayer(linear.layer(), linear.name()))
                .distinct()
                .toList();
        return model.targets(layers, inLayer).equals(wanted)
                ? inLayer
                : List.of(
                        ".*\\.\\d+\\.(?:%s)".formatted(String.join("|", inLayer).replace(".", "\\.")));
    }

    private boolean contains(ModuleNames names, LinearModule linear) {
        return modules.stream()
                .filter(names::has)
                .map(module -> names.inLayer(linear.layer(), module))
                .anyMatch(name -> linear.name().equals(name) || linear.name().startsWith(name + "."));
    }
}
