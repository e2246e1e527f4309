package org.layerwise.selection.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.PeftConfig;
import org.layerwise.selection.ModelKind;

/** Writes a Python script for HuggingFace PEFT that loads the model and adds adapters to the selected layers. */
final class PeftScript {

    private PeftScript() {}

    static String text(ExportedAdapter recipe) {
        List<String> lines = new ArrayList<>();
        lines.add("# %s on %s"
                .formatted(recipe.peft().variant().method(), recipe.selection().summary()));
        String reader = recipe.model().quantization().pythonPackage();
        lines.add("# Needs the packages torch, transformers%s%s."
                .formatted(
                        recipe.model().kind() == ModelKind.VISION ? " (4.52 or later)" : "",
                        reader.isEmpty() ? " and peft" : ", peft and " + reader));
        imports(lines, recipe);
        model(lines, recipe);
        config(lines, recipe);
        lines.add("");
        lines.add("model = get_peft_model(model, config)");
        lines.add("model.print_trainable_parameters()");
        optimizer(lines, recipe);
        return String.join("\n", lines) + "\n";
    }

    private static void imports(List<String> lines, ExportedAdapter recipe) {
        if (recipe.loraPlusRatio() != null) {
            lines.add("import torch");
        }
        lines.add("from peft import %s, get_peft_model".formatted(configClass(recipe)));
        if (recipe.loraPlusRatio() != null) {
            lines.add("from peft.optimizers import create_loraplus_optimizer");
        }
        lines.add("from transformers import " + autoClass(recipe.model()));
        lines.add("");
    }

    private static String autoClass(ExportedModel model) {
        if (model.classifier()) {
            return "AutoModelForSequenceClassification";
        }
        return model.kind() == ModelKind.VISION ? "AutoModelForImageTextToText" : "AutoModelForCausalLM";
    }

    private static void model(List<String> lines, ExportedAdapter recipe) {
        ExportedModel source = recipe.model();
        lines.add("MODEL = " + PythonText.of(source.name()));
        if (source.revision() != null) {
            lines.add("REVISION = " + PythonText.of(source.revision()));
        }
        boolean classes = recipe.model().classifier();
        if (classes) {
            lines.add(numLabels(recipe.head()));
        }
        lines.add("");
        lines.add("model = %s.from_pretrained(MODEL%s%s)"
                .formatted(
                        autoClass(recipe.model()),
                        source.revision() == null ? "" : ", revision=REVISION",
                        classes ? ", num_labels=NUM_LABELS" : ""));
    }

    private static String numLabels(@Nullable ExportedHead head) {
        // two by default
        int outputs = head == null ? 2 : head.outputs();
        String rows = head == null || head.rows() == 0
                ? ""
                : "; of the %s rows read, so raise it if others have more".formatted(head.rows());
        return "NUM_LABELS = %s  # the number of classes, 1 for regression%s".formatted(outputs, rows);
    }

    private static boolean isMiss(ExportedAdapter recipe) {
        return recipe.peft().variant().sharded();
    }

    private static String configClass(ExportedAdapter recipe) {
        return isMiss(recipe) ? "MissConfig" : "LoraConfig";
    }

    private static void config(List<String> lines, ExportedAdapter recipe) {
        PeftConfig peft = recipe.peft();
        Object start = peft.variant().initialisation().peftValue();
        lines.add("config = %s(".formatted(configClass(recipe)));
        LoraArguments.add(lines, "task_type", PythonText.of(Objects.requireNonNull(peft.taskType())));
        if (isMiss(recipe)) {
            LoraArguments.addMiss(lines, peft);
            LoraArguments.addLayers(lines, recipe);
            lines.add(")");
            return;
        }
        LoraArguments.addModules(lines, peft);
        LoraArguments.addLayers(lines, recipe);
        LoraArguments.add(
                lines, "init_lora_weights", start instanceof String name ? PythonText.of(name) : PythonText.of(true));
        LoraArguments.add(lines, "use_rslora", PythonText.of(peft.variant().rankStabilised()));
        LoraArguments.add(lines, "use_dora", PythonText.of(peft.variant().decomposed()));
        LoraArguments.addPatterns(lines, peft);
        lines.add(")");
    }

    private static void optimizer(List<String> lines, ExportedAdapter recipe) {
        if (recipe.loraPlusRatio() == null) {
            return;
        }
        lines.add("");
        lines.add("# for transformers.Trainer: optimizers=(optimizer, None)");
        lines.add("optimizer = create_loraplus_optimizer(");
        LoraArguments.add(lines, "model", "model");
        LoraArguments.add(lines, "optimizer_cls", "torch.optim.AdamW");
        LoraArguments.add(lines, "lr", PythonText.of(recipe.learningRate()));
        LoraArguments.add(lines, "loraplus_lr_ratio", PythonText.of(recipe.loraPlusRatio()));
        lines.add(")");
    }
}
