package org.layerwise.generation.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem whose answer is Python code.
 *
 * @param taskId as the harness knows it: {@code HumanEval/0}, {@code Mbpp/601}
 * @param prompt HumanEval: the beginning of the code, up to the end of the function's docstring; MBPP: what to write, in words
 * @param entryPoint the name of the function; null where the data do not give it
 * @param tests MBPP: the assertions that are shown with the problem
 */
public record CodeProblem(String taskId, String prompt, @Nullable String entryPoint, List<String> tests) {

    public CodeProblem {
        tests = List.copyOf(tests);
    }
}
