package org.layerwise.selection.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerwise.base.UserException;
import org.layerwise.lora.PeftConfig;
import org.layerwise.selection.ModelKind;

/**
 * Writes a Python script for Unsloth that loads the model and adds adapters to the selected layers, by the arguments of
 * {@code FastLanguageModel.get_peft_model} (unsloth 2026.10.9, models/llama.py). It hands rank
 * patterns, alpha patterns and DoRA on to PEFT.
 */
final class UnslothScript {

    private static final String TOOL = "Unsloth";

    /** Modules that Unsloth can train whole, besides norms. */
    private static final Set<String> WHOLE = Set.of("lm_head", "embed_tokens");

    private UnslothScript() {}

    /** @throws UserException if Unsloth does not support a setting of the recipe */
    static String text(ExportedAdapter recipe) {
        refuse(recipe);
        PeftConfig peft = recipe.peft();
        ExportedModel model = recipe.model();
        List<String> lines = new ArrayList<>(List.of(
                "# LoRA on " + recipe.selection().summary(),
                "# Needs the package unsloth (2026.10.9 or later) and a GPU. Import unsloth before transformers and"
                        + " peft.",
                "from unsloth import FastLanguageModel",
                "",
                "model, tokenizer = FastLanguageModel.from_pretrained("));
        LoraArguments.add(lines, "model_name", PythonText.of(model.name()));
        if (model.revision() != null) {
            LoraArguments.add(lines, "revision", PythonText.of(model.revision()));
        }
        LoraArguments.add(
                lines, "load_in_4bit", PythonText.of(model.quantization() == QuantizationMethod.BITSANDBYTES_4));
        if (model.quantization() == QuantizationMethod.BITSANDBYTES_8) {
            LoraArguments.add(lines, "load_in_8bit", PythonText.of(true));
        }
        lines.add("    use_exact_model_name=True,  # not a copy of the model by Unsloth");
        lines.addAll(List.of(")", "model = FastLanguageModel.get_peft_model(", "    model,"));
        LoraArguments.addModules(lines, peft);
        lines.add("    target_parameters=[],  # adapters on the modules above alone, not on experts");
        LoraArguments.addLayers(lines, recipe);
        if (peft.variant().initialisation().peftValue() instanceof String start) {
            LoraArguments.add(lines, "init_lora_weights", PythonText.of(start));
        }
        LoraArguments.add(lines, "use_rslora", PythonText.of(peft.variant().rankStabilised()));
        if (peft.variant().decomposed()) {
            LoraArguments.add(lines, "use_dora", PythonText.of(true));
        }
        LoraArguments.addPatterns(lines, peft);
        lines.addAll(List.of(")", "model.print_trainable_parameters()"));
        return String.join("\n", lines) + "\n";
    }

    private static void refuse(ExportedAdapter recipe) {
        recipe.requireLanguageModel(TOOL);
        recipe.requireLora(TOOL);
        if (recipe.model().kind() == ModelKind.VISION) {
            throw new UserException(
                    "%s's script is for language models, and %s also takes images; export for PEFT instead."
                            .formatted(TOOL, recipe.model().name()));
        }
        switch (recipe.model().quantization()) {
            case NONE, BITSANDBYTES_4, BITSANDBYTES_8 -> {}
            case GPTQ, AWQ, COMPRESSED_TENSORS, OTHER -> throw recipe.model().refusedFor(TOOL);
        }
        if (recipe.loraPlusRatio() != null) {
            throw new UserException(
                    "%s has no setting for LoRA+; leave out --lora-plus-ratio or export for PEFT.".formatted(TOOL));
        }
        for (String module : recipe.peft().modulesToSave()) {
            if (!WHOLE.contains(module) && !module.endsWith("norm")) {
                throw new UserException(
                        "%s trains lm_head, embed_tokens and norms as a whole, but not %s; export for PEFT."
                                .formatted(TOOL, module));
            }
        }
    }
}
