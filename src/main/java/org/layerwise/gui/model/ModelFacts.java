package org.layerwise.gui.model;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.MemoryNeed;
import org.layerwise.study.ModelCard;

/** A model card in words. */
public final class ModelFacts {

    private ModelFacts() {}

    /**
     * One thing that is known of a model.
     *
     * @param key of its name among the texts
     * @param exact the value in full where it is shortened, empty where it is not
     */
    public record Fact(String key, String value, String exact) {}

    /** All that people may want to know before they work with it, most asked first. */
    public static List<Fact> of(ModelCard card) {
        List<Fact> facts = new ArrayList<>();
        facts.add(fact(
                "model.family",
                text(
                        "model.family.value",
                        card.family(),
                        text("model.kind." + card.kind().id()))));
        facts.add(fact("model.layers", text("model.layers.value", card.layers(), String.valueOf(card.hiddenSize()))));
        facts.add(fact("model.heads", String.valueOf(card.heads())));
        facts.add(new Fact(
                "model.parameters",
                Figures.parameters(card.parameters()),
                text("exact.parameters", Figures.exact(card.parameters()))));
        facts.add(fact("model.vocabulary", text("model.tokens", Figures.exact(card.vocabularySize()))));
        facts.add(fact("model.positions", positions(card.maxPositions())));
        facts.add(fact("model.tokenizer", text(card.hasTokenizer() ? "model.tokenizer.yes" : "model.tokenizer.no")));
        facts.add(fact("model.stored", Figures.list(card.storedTypes())));
        facts.add(fact("model.computed", card.dtype()));
        facts.add(fact("model.device", card.device().toUpperCase(Locale.ROOT)));
        facts.add(fact("model.memory", memory(card.memory())));
        facts.add(
                fact("model.position", text("position." + card.defaultPosition().id())));
        facts.add(fact("model.targets", Figures.list(card.targetModules())));
        facts.add(
                new Fact("model.folder", card.folder().toString(), card.folder().toString()));
        return facts;
    }

    /** What it takes, and of how much: of what was free before it was loaded. */
    public static String memory(MemoryNeed need) {
        if (need.nothing()) {
            return text("model.memory.nothing", Figures.bytes(need.whole()));
        }
        long used = need.byLayers() ? need.layers() : need.whole();
        String words = Figures.bytes(used);
        return need.available() == Long.MAX_VALUE
                ? words
                : text(
                        need.byLayers() ? "model.memory.layers" : "model.memory.of",
                        words,
                        Figures.bytes(need.available()));
    }

    /** What a model that is not whole in memory can be used for, and the way out; empty for a whole one. */
    public static String notWhole(ModelCard card) {
        MemoryNeed need = card.memory();
        if (need.nothing()) {
            return text("model.by.none");
        }
        if (!need.byLayers()) {
            return "";
        }
        return text("model.by.layers", Figures.bytes(need.whole()), card.dtype());
    }

    private static Fact fact(String key, String value) {
        return new Fact(key, value, "");
    }

    private static String positions(int most) {
        return most <= 0 || most == Integer.MAX_VALUE
                ? text("model.positions.any")
                : text("model.tokens", Figures.exact(most));
    }
}
