package org.layerwise.data.sample;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.SeededOrder;
import org.layerwise.data.sample.BalancedSplit.Example;

/**
 * Examples of grammatical acceptability in the manner of CoLA: the {@code <example>}s of LanguageTool's
 * {@code grammar.xml}. An example with a {@code correction} is an unacceptable sentence with the error in a
 * {@code <marker>}; with the first correction in place of the error the sentence is acceptable, and the two sentences
 * are a minimal pair. An example without a correction is acceptable.
 */
final class GrammarExamples {

    /** Names of the classes by label, numbered as in CoLA. */
    static final List<String> NAMES = List.of("unacceptable", "acceptable");

    private static final int UNACCEPTABLE = 0;
    private static final int ACCEPTABLE = 1;
    private static final long SEED = 7;

    private GrammarExamples() {}

    /**
     * Example of {@code grammar.xml}.
     *
     * @param text the sentence without marks
     * @param acceptable true if the sentence is acceptable
     * @param corrected the sentence with the first correction in place of the error; null if there is none
     */
    record Sentence(String text, boolean acceptable, @Nullable String corrected) {}

    /** Reads all examples in file order, without those that LanguageTool marks as wrongly handled by a rule. */
    static List<Sentence> read(InputStream grammar) throws XMLStreamException {
        List<Sentence> sentences = new ArrayList<>();
        XMLStreamReader xml = offlineFactory().createXMLStreamReader(grammar);
        try {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("example")
                        && xml.getAttributeValue(null, "type") == null) {
                    sentences.add(sentence(xml));
                }
            }
        } finally {
            xml.close();
        }
        return sentences;
    }

    /**
     * Returns every text once, with equally many acceptable and unacceptable texts: acceptable texts are first the
     * corrected sentences, then further acceptable sentences to fill up. If an uncased model gets the same tokens for
     * two texts with different labels, both are left out, for example a pair whose error is one of capitals. Near
     * copies form one group.
     */
    static List<List<Example>> groups(List<Sentence> sentences) {
        Set<String> wrongTexts = sentences.stream()
                .filter(sentence -> !sentence.acceptable())
                .map(Sentence::text)
                .collect(Collectors.toSet());
        // a corrected sentence may contain another error: a text that any rule calls wrong stays wrong
        Predicate<String> notWrong = text -> !wrongTexts.contains(text);
        Map<String, Example> wrong = byForm(
                sentences.stream().filter(sentence -> !sentence.acceptable()).map(Sentence::text), UNACCEPTABLE);
        Map<String, Example> corrected = byForm(
                sentences.stream()
                        .map(Sentence::corrected)
                        .filter(Objects::nonNull)
                        .filter(notWrong),
                ACCEPTABLE);
        Map<String, Example> others = byForm(
                sentences.stream()
                        .filter(Sentence::acceptable)
                        .map(Sentence::text)
                        .filter(notWrong),
                ACCEPTABLE);
        Set<String> ambiguous = new HashSet<>(corrected.keySet());
        ambiguous.addAll(others.keySet());
        ambiguous.retainAll(wrong.keySet());
        List.of(wrong, corrected, others).forEach(examples -> examples.keySet().removeAll(ambiguous));
        others.keySet().removeAll(corrected.keySet());

        List<Example> taken = new ArrayList<>(wrong.values());
        taken.addAll(corrected.values());
        int missing = Math.min(others.size(), Math.max(0, wrong.size() - corrected.size()));
        taken.addAll(SeededOrder.shuffled(List.copyOf(others.values()), SEED).subList(0, missing));
        return grouped(taken, sentences);
    }

    /** Returns examples by the uncased form of their text; the first one if several texts have the same form. */
    private static Map<String, Example> byForm(Stream<String> texts, int label) {
        Map<String, Example> examples = new LinkedHashMap<>();
        texts.forEach(text -> examples.putIfAbsent(NearDuplicates.uncased(text), new Example(text, label)));
        return examples;
    }

    private static List<List<Example>> grouped(List<Example> examples, List<Sentence> sentences) {
        NearDuplicates copies = new NearDuplicates();
        for (Sentence sentence : sentences) {
            if (sentence.corrected() != null) {
                copies.join(sentence.text(), sentence.corrected());
            }
        }
        examples.forEach(example -> copies.add(example.text()));
        Map<String, List<Example>> groups = new LinkedHashMap<>();
        for (Example example : examples) {
            groups.computeIfAbsent(copies.add(example.text()), root -> new ArrayList<>())
                    .add(example);
        }
        return List.copyOf(groups.values());
    }

    private static Sentence sentence(XMLStreamReader xml) throws XMLStreamException {
        String correction = xml.getAttributeValue(null, "correction");
        StringBuilder before = new StringBuilder();
        StringBuilder marked = new StringBuilder();
        StringBuilder after = new StringBuilder();
        StringBuilder current = before;
        int event = xml.next();
        while (event != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("example")) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                current = marked;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                current = after;
            } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                current.append(xml.getText());
            }
            event = xml.next();
        }
        String text = (before.toString() + marked + after).strip();
        if (correction == null) {
            return new Sentence(text, true, null);
        }
        int bar = correction.indexOf('|');
        String first = bar < 0 ? correction : correction.substring(0, bar);
        String corrected = (before + first + after).strip();
        boolean pair = !first.isBlank() && !corrected.equals(text);
        return new Sentence(text, false, pair ? corrected : null);
    }

    // the file declares its own entities, so document types cannot be switched off; only external ones are
    private static XMLInputFactory offlineFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("the sample may not load " + systemId);
        });
        // Java 24 lowered these limits below the needs of the file
        factory.setProperty("jdk.xml.entityExpansionLimit", "64000");
        factory.setProperty("jdk.xml.totalEntitySizeLimit", "50000000");
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "1000000");
        return factory;
    }
}
