package org.layerwise.gui.selection;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.export.ExportFormat;

/** What a selection can be written as. What it is called and good for is in the texts. */
public enum SelectionFormat {
    SELECTION("selection.json", null, false),
    ADAPTER_CONFIG("adapter_config.json", ExportFormat.PEFT_CONFIG, false),
    PEFT("train_peft.py", ExportFormat.PEFT, false),
    AXOLOTL("axolotl.yaml", ExportFormat.AXOLOTL, false),
    LLAMA_FACTORY("llama_factory.yaml", ExportFormat.LLAMA_FACTORY, false),
    /** The reference code's file of selected layers, whose name says model and task. */
    ONE_HOT("", null, false),
    /** The reference code's file of similarities. */
    SIMILARITIES("", null, true),
    COMMAND("select.sh", null, true);

    private final String fileName;
    private final @Nullable ExportFormat format;
    private final boolean analysis;

    SelectionFormat(String fileName, @Nullable ExportFormat format, boolean analysis) {
        this.fileName = fileName;
        this.format = format;
        this.analysis = analysis;
    }

    /** The usual name of such a file; empty where it depends on model and task. */
    String fileName() {
        return fileName;
    }

    /** The tool that it is for, where it needs to know the model; null elsewhere. */
    @Nullable
    ExportFormat format() {
        return format;
    }

    /** Whether there must be an analysis. */
    boolean needsAnalysis() {
        return analysis;
    }

    /** The part of the texts' keys that is its own. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
