package org.layerwise.selection.export;

import java.util.List;
import java.util.Map;
import org.layerwise.lora.PeftConfig;

/** Arguments of PEFT's {@code LoraConfig} and {@code MissConfig} in a Python script, a line each, for PEFT and for tools that hand them on. */
final class LoraArguments {

    private LoraArguments() {}

    /** Adds an argument of a call that spans several lines. */
    static void add(List<String> lines, String name, String value) {
        lines.add("    " + name + "=" + value + ",");
    }

    /** Adds the size of adapters of MiSS and the modules that get them. */
    static void addMiss(List<String> lines, PeftConfig peft) {
        add(lines, "r", String.valueOf(peft.rank()));
        add(lines, "miss_dropout", PythonText.of(peft.dropout()));
        add(lines, "target_modules", PythonText.list(peft.targetModules()));
    }

    /** Adds the size of the adapters and the modules that get them. */
    static void addModules(List<String> lines, PeftConfig peft) {
        add(lines, "r", String.valueOf(peft.rank()));
        add(lines, "lora_alpha", PythonText.of(peft.alpha()));
        add(lines, "lora_dropout", PythonText.of(peft.dropout()));
        add(lines, "bias", PythonText.of(peft.bias().id()));
        add(lines, "target_modules", PythonText.list(peft.targetModules()));
    }

    /** Adds the selected layers, and the modules that are trained in full, if there are any. */
    static void addLayers(List<String> lines, ExportedAdapter recipe) {
        PeftConfig peft = recipe.peft();
        add(lines, "layers_to_transform", PythonText.numbers(recipe.selection().layers()));
        add(lines, "layers_pattern", PythonText.list(peft.layersPattern()));
        if (!peft.modulesToSave().isEmpty()) {
            // PEFT adds the classifier by itself
            add(lines, "modules_to_save", PythonText.list(peft.modulesToSave()));
        }
    }

    /** Adds the ranks and alphas of single modules, if there are any. */
    static void addPatterns(List<String> lines, PeftConfig peft) {
        addPattern(lines, "rank_pattern", peft.rankPattern());
        addPattern(lines, "alpha_pattern", peft.alphaPattern());
    }

    private static void addPattern(List<String> lines, String name, Map<String, ? extends Number> values) {
        if (!values.isEmpty()) {
            add(lines, name, PythonText.dict(values));
        }
    }
}
