package org.layerwise.study.generation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.TaskPreset;
import org.layerwise.generation.answer.Answers;
import org.layerwise.generation.answer.CodeBenchmark;
import org.layerwise.generation.answer.LetterAnswers;
import org.layerwise.generation.answer.MathAnswers;
import org.layerwise.generation.answer.NumberAnswers;

/** Benchmarks that a model is measured on by what it writes. */
public enum Benchmark {
    /** Cobbe et al., arXiv 2110.14168. */
    GSM8K("gsm8k", "GSM8K", new NumberAnswers(), "Question: %s\nAnswer:", "Question:", 512),
    /** Hendrycks et al., arXiv 2103.03874. */
    MATH("math", "MATH", new MathAnswers(), "Problem:\n%s\n\nSolution:", "Problem:", 1024),
    /** Chen et al., arXiv 2107.03374. */
    HUMAN_EVAL("humaneval", "HumanEval", CodeBenchmark.HUMAN_EVAL),
    /** Austin et al., arXiv 2108.07732. */
    MBPP("mbpp", "MBPP", CodeBenchmark.MBPP),
    /** Lu et al., arXiv 2209.09513. */
    SCIENCE_QA("scienceqa", "ScienceQA", new LetterAnswers(), null, null, 16);

    private static final int TOKENS_OF_CODE = 512;
    private static final List<String> STOPS_OF_INSTRUCTION = List.of("\n### Instruction");

    private final String id;
    private final String title;
    private final @Nullable Answers answers;
    private final @Nullable CodeBenchmark code;
    private final @Nullable String plainPrompt;
    private final @Nullable String plainStop;
    private final int newTokens;

    Benchmark(
            String id,
            String title,
            Answers answers,
            @Nullable String plainPrompt,
            @Nullable String plainStop,
            int newTokens) {
        this.id = id;
        this.title = title;
        this.answers = answers;
        this.code = null;
        this.plainPrompt = plainPrompt;
        this.plainStop = plainStop;
        this.newTokens = newTokens;
    }

    Benchmark(String id, String title, CodeBenchmark code) {
        this.id = id;
        this.title = title;
        this.answers = null;
        this.code = code;
        this.plainPrompt = null;
        this.plainStop = null;
        this.newTokens = TOKENS_OF_CODE;
    }

    /** The name in flags and files. */
    public String id() {
        return id;
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** The most tokens of an answer when nothing is said. */
    public int newTokens() {
        return newTokens;
    }

    /** Whether the answers are code, which is written and not judged. */
    public boolean ofCode() {
        return code != null;
    }

    /** How its rows are read. */
    TaskPreset preset() {
        return this == SCIENCE_QA ? TaskPreset.SCIENCE_QA : TaskPreset.INSTRUCTION;
    }

    /** How answers are found; of a benchmark of code there is none. */
    Answers answers() {
        if (answers == null) {
            throw new IllegalStateException(title + " has code for answers");
        }
        return answers;
    }

    CodeBenchmark code() {
        if (code == null) {
            throw new IllegalStateException(title + " has no code for answers");
        }
        return code;
    }

    /** Whether there is such a form of its questions. */
    boolean has(PromptForm form) {
        return form == PromptForm.INSTRUCTION || code != null || plainPrompt != null;
    }

    /** A question in plain form, up to where the answer begins. */
    String plain(String question) {
        if (plainPrompt == null) {
            throw new IllegalStateException(title + " has no plain form");
        }
        return String.format(Locale.ROOT, plainPrompt, question);
    }

    /** Where a model goes on to something else than its answer. */
    List<String> stops(PromptForm form) {
        if (this == SCIENCE_QA) {
            return List.of();
        }
        if (form == PromptForm.INSTRUCTION) {
            return STOPS_OF_INSTRUCTION;
        }
        return code != null ? code.stopsOfContinuation() : plainStop == null ? List.of() : List.of(plainStop);
    }
}
