package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.MemoryNeed;

/** Memory that a model would take, read from the headers of its files before it is opened. */
public final class OpenMemory {

    private final Workbench workbench;
    private final WorkQueue queue;
    private final OpenOptions choices;
    private final ReadOnlyStringWrapper sentence = new ReadOnlyStringWrapper("");
    private @Nullable String model;
    private int asked;

    OpenMemory(Workbench workbench, WorkQueue queue, OpenOptions choices) {
        this.workbench = workbench;
        this.queue = queue;
        this.choices = choices;
        choices.parts().forEach(part -> part.addListener(observable -> look(model)));
    }

    /** Sentence about the memory; empty if no model is looked at, or its files cannot be read. */
    public ReadOnlyStringProperty sentenceProperty() {
        return sentence.getReadOnlyProperty();
    }

    /**
     * Looks at a model.
     *
     * @param chosen a model on this computer; null for none
     */
    public void look(@Nullable String chosen) {
        model = chosen;
        int now = ++asked;
        if (chosen == null) {
            sentence.set("");
            return;
        }
        ModelSettings settings = choices.settings(chosen);
        queue.submit(Work.<MemoryNeed>light(
                        text("open.memory.reading", ModelViewModel.name(chosen)),
                        progress -> workbench.memory(settings, progress))
                .whenDone(need -> show(now, words(need)))
                // opening the model says what is wrong with it
                .whenFailed(thrown -> show(now, "")));
    }

    private void show(int now, String words) {
        if (now == asked) {
            sentence.set(words);
        }
    }

    private static String words(MemoryNeed need) {
        String takes = NumberTexts.bytes(need.byLayers() ? need.layers() : need.whole());
        String how = need.byLayers() ? "open.memory.layers" : "open.memory.whole";
        return need.nothing()
                ? ""
                : need.availableKnown()
                        ? text(how + ".free", takes, NumberTexts.bytes(need.available()))
                        : text(how, takes);
    }
}
