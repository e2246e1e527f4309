package org.layerwise.study.report;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.lora.BaseModel;
import org.layerwise.selection.export.PythonText;
import org.layerwise.study.model.ModelOrigin;
import org.layerwise.training.TaskKind;

/**
 * Python code that loads an adapter with HuggingFace PEFT and runs it once, to be executed in the folder of the
 * adapter.
 */
record LoadingSnippet(ModelOrigin origin, AdapterCard.Use use) {

    private static final String INDENT = "    ";

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        boolean head = use.outputs() > 0;
        String model = head
                ? "AutoModelForSequenceClassification"
                : use.vision() ? "AutoModelForImageTextToText" : "AutoModelForCausalLM";
        String reader = use.vision() ? "AutoProcessor" : "AutoTokenizer";
        boolean text = use.tokenizer() || use.vision();
        lines.add("import torch");
        lines.add("from peft import PeftModel");
        lines.add("from transformers import %s%s".formatted(model, text ? ", " + reader : ""));
        lines.add("");
        base(lines);
        lines.add(
                use.drawnAnew()
                        ? "ADAPTER = \"converted\"  # the folder that layerwise convert-adapter wrote"
                        : "ADAPTER = \".\"  # the folder of this file");
        lines.add("");
        String where = origin.revision() == null ? "BASE" : "BASE, revision=REVISION";
        lines.add("base = %s.from_pretrained(%s%s)".formatted(model, where, head ? outputs() : ""));
        lines.add("model = PeftModel.from_pretrained(base, ADAPTER).eval()");
        if (text) {
            lines.add("%s = %s.from_pretrained(%s)".formatted(use.vision() ? "processor" : "tokenizer", reader, where));
        }
        if (!use.vision()) {
            lines.add(
                    text
                            ? "inputs = tokenizer(\"A sentence.\", return_tensors=\"pt\")"
                            : "inputs = {\"input_ids\": torch.tensor([[1, 2, 3]])}  # token ids, since the base has no tokenizer");
            lines.add("with torch.no_grad():");
            answer(lines, head, text);
        }
        return lines;
    }

    private void base(List<String> lines) {
        BaseModel base = origin.base();
        String hint = origin.kind() == ModelOrigin.Kind.FOLDER ? "  # the folder of the base model" : "";
        lines.add("BASE = " + PythonText.of(base.name()) + hint);
        if (base.revision() != null) {
            lines.add("REVISION = " + PythonText.of(base.revision()));
        }
        if (!use.classNames().isEmpty()) {
            lines.add("NAMES = " + PythonText.list(use.classNames()));
        }
    }

    private String outputs() {
        return ", num_labels=" + use.outputs()
                + (use.task() == TaskKind.REGRESSION ? ", problem_type=\"regression\"" : "");
    }

    private void answer(List<String> lines, boolean head, boolean text) {
        if (!head) {
            lines.add(INDENT + "tokens = model.generate(**inputs, max_new_tokens=20)[0]");
            lines.add(text ? "print(tokenizer.decode(tokens))" : "print(tokens)");
            return;
        }
        lines.add(INDENT + "logits = model(**inputs).logits[0]");
        if (use.task() == TaskKind.REGRESSION) {
            lines.add("print(logits.item())");
        } else {
            lines.add(
                    use.classNames().isEmpty()
                            ? "print(logits.argmax().item())"
                            : "print(NAMES[logits.argmax().item()])");
        }
    }
}
