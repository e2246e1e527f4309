package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelCard;

/** Describes a model card in words. */
public final class ModelFacts {

    private ModelFacts() {}

    /**
     * A fact about a model.
     *
     * @param key key of the name among the texts
     * @param exact full value, if the value is shortened; otherwise empty
     */
    public record Fact(String key, String value, String exact) {}

    /** Returns the facts about a model, the most important ones first. */
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
                NumberTexts.parameters(card.parameters()),
                text("exact.parameters", NumberTexts.exact(card.parameters()))));
        facts.add(fact("model.vocabulary", text("model.tokens", NumberTexts.exact(card.vocabularySize()))));
        facts.add(fact("model.positions", positions(card.maxPositions())));
        facts.add(fact("model.tokenizer", text(card.hasTokenizer() ? "model.tokenizer.yes" : "model.tokenizer.no")));
        facts.add(fact("model.stored", NumberTexts.list(card.storedTypes())));
        facts.add(fact("model.computed", card.dtype()));
        facts.add(fact("model.device", card.device().toUpperCase(Locale.ROOT)));
        facts.add(fact("model.memory", memory(card.memory())));
        facts.add(
                fact("model.position", text("position." + card.defaultPosition().id())));
        facts.add(fact("model.targets", NumberTexts.list(card.targetModules())));
        facts.add(
                new Fact("model.folder", card.folder().toString(), card.folder().toString()));
        return facts;
    }

    /** Returns the memory that the model needs and the memory that was free before loading. */
    public static String memory(MemoryNeed need) {
        if (need.nothing()) {
            return text("model.memory.nothing", NumberTexts.bytes(need.whole()));
        }
        long used = need.byLayers() ? need.layers() : need.whole();
        String words = NumberTexts.bytes(used);
        return need.available() == Long.MAX_VALUE
                ? words
                : text(
                        need.byLayers() ? "model.memory.layers" : "model.memory.of",
                        words,
                        NumberTexts.bytes(need.available()));
    }

    /** Returns the uses and the alternatives of a model that is not completely in memory; empty for a complete one. */
    public static String incompleteReason(ModelCard card) {
        MemoryNeed need = card.memory();
        if (need.nothing()) {
            return text("model.by.none");
        }
        if (!need.byLayers()) {
            return "";
        }
        return text("model.by.layers", NumberTexts.bytes(need.whole()), card.dtype());
    }

    private static Fact fact(String key, String value) {
        return new Fact(key, value, "");
    }

    private static String positions(int most) {
        return most <= 0 || most == Integer.MAX_VALUE
                ? text("model.positions.any")
                : text("model.tokens", NumberTexts.exact(most));
    }
}
