"""Makes src/test/resources/golden/jinja.json: chat templates of today's kinds and single constructs, as transformers renders them.

Needs transformers 4.55 and jinja2. The templates are written anew, after the structure of known ones. Run from the root of the
repository.
"""

import json

from transformers.utils.chat_template_utils import _compile_jinja_template

MESSAGES = [{"role":"system","content":"Be brief. "},{"role":"user","content":" Hi \"there\" <b>\n"},{"role":"assistant","content":"Yo"},{"role":"user","content":"More?"}]
SHOWN = [{"role":"user","content":[{"type":"image"},{"type":"text","text":"What?"}]}]
TOOLS = [{"type":"function","function":{"name":"f","description":"d é","parameters":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}}}]

CONSTRUCTS = [
"{{ 'a' ~ 1 ~ none ~ true }}","{{ none }}|{{ true }}|{{ 1.0 }}|{{ 3/2 }}|{{ 7//2 }}|{{ -7//2 }}|{{ -7%3 }}|{{ 2**3 }}",
"{{ undefinedx }}|{{ undefinedx is defined }}|{{ messages[0].foo is defined }}|{{ messages[0]['foo'] }}",
"{% if not undefinedx %}y{% endif %}{% if undefinedx is not defined %}z{% endif %}",
"{{ messages[1:] | length }} {{ messages[-1]['role'] }} {{ messages[:-1]|length }} {{ messages[::-1][0].role }} {{ 'hello'[1:3] }} {{ 'hello'[-1] }} {{ 'hello'[::-1] }}",
"{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ loop.first }}{{ loop.last }}{{ m.content|trim }};{% endfor %}",
"{% for m in messages %}{% if loop.index0 % 2 == 0 %}{{ loop.revindex }}{{ loop.length }}{% endif %}{% else %}none{% endfor %}",
"{% for x in [] %}a{% else %}empty{% endfor %}",
"{% set x = 1 %}{% for m in messages %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
"{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% if m.role=='user' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.n }}{{ ns.found }}",
"{{ ' a b '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'xxaxx'.lstrip('x') }}|{{ 'xxaxx'.rstrip('x') }}|{{ ' a '.lstrip() }}|",
"{{ 'a,b,c'.split(',') }}|{{ 'a b  c'.split() }}|{{ 'a</think>b</think>c'.split('</think>')[-1] }}|{{ 'a,b,c'.split(',',1)[1] }}",
"{{ 'Ab'.upper() }}{{ 'Ab'.lower() }}{{ 'ab cd'.title() }}{{ 'ab cd'.capitalize() }}{{ 'ab'.startswith('a') }}{{ 'ab'.endswith('a') }}{{ 'aab'.replace('a','x') }}{{ ','.join(['a','b']) }}",
"{{ 'a' in 'abc' }}{{ 'role' in messages[0] }}{{ 'x' not in messages[0] }}{{ 1 in [1,2] }}{{ 'z' in ['a'] }}",
"{{ messages[0].get('role') }}{{ messages[0].get('zz','dflt') }}{{ messages[0].get('zz') }}",
"{% for k, v in messages[0].items() %}{{ k }}={{ v }};{% endfor %}{% for k in messages[0] %}{{ k }}{% endfor %}{{ messages[0].keys()|list }}",
"{{ tools | tojson }}","{{ tools | tojson(indent=2) }}","{{ {'a':1,'b':[true,none,'<>&\\'']} | tojson }}",
"{{ messages | map(attribute='role') | join(',') }}|{{ messages | selectattr('role','equalto','user') | list | length }}|{{ messages | rejectattr('role','equalto','user') | map(attribute='role') | list }}",
"{{ messages|first|attr('role') if false else messages|first }}","{{ (messages|last).role }}",
"{{ 'x' if messages|length > 3 else 'y' }}{{ 'x' if false }}|",
"{{ 'abc' | upper | replace('A','q') | length }}{{ '  a ' | trim | capitalize }}{{ x|default('d') }}{{ ''|default('d') }}{{ ''|default('d', true) }}",
"{{ messages[0]['content'] is string }}{{ messages is iterable }}{{ messages[0] is mapping }}{{ 1 is number }}{{ none is none }}{{ 'a' is sequence }}{{ 3 is odd }}{{ true is boolean }}{{ 1 is integer }}{{ 1.5 is float }}{{ false is false }}{{ 1 is sameas 1 }}{{ 4 is divisibleby 2 }}",
"{% if messages[0].role == 'system' and not messages[1].role != 'user' or false %}ok{% endif %}",
"{% macro f(a, b='q') %}<{{ a }}{{ b }}>{% endmacro %}{{ f(1) }}{{ f(2, b='z') }}",
"{%- for m in messages -%}\n  {{- m.role -}}\n  {%- if not loop.last -%} , {% endif -%}\n{%- endfor -%}\n end",
"a\n  {% if true %}\n  b\n  {% endif %}\nc\n{# comment #}\nd\n",
"{# c #}x{#- c -#} y","{% raw %}{{ a }}{% endraw %}",
"{{ raise_exception('bad ' + 'thing') }}","{{ strftime_now('%Y')|length }}",
"{{ range(3)|list }}{% for i in range(1,6,2) %}{{ i }}{% endfor %}",
"{{ [1,2]+[3] }}{{ 'a'*3 }}{{ (1,2) }}{{ {'a':'b'} }}{{ ['x', \"it's\"] }}",
"{{ 'a\\nb\\t\\'q\\' \\u00e9' }}","{{ 'a' 'b' }}",
"{% set a, b = 1, 2 %}{{ a }}{{ b }}","{% set x %}block {{ 1 }}{% endset %}{{ x }}",
"{{ not true }}{{ 1 < 2 <= 2 }}{{ 1 == 1.0 }}{{ 'a' < 'b' }}{{ true == 1 }}",
"{{ 'a' if x is defined and x else 'b' }}","{{ 1 + 2 * 3 - 4 }}{{ (1 + 2) * 3 }}{{ -3 + 1 }}",
"{{ messages | string | length > 5 }}{{ 5 | string + 'x' }}{{ '5' | int + 1 }}{{ 2.5|int }}{{ 'abc'|first }}{{ 'abc'|list }}",
"{{ 'a' ~ messages|length ~ 'b' }}{{ 'a' + messages|length|string }}",
"{% for m in messages %}{% if loop.index == 2 %}{% break %}{% endif %}{{ m.role }}{% endfor %}",
"{% for m in messages %}{% if loop.index == 2 %}{% continue %}{% endif %}{{ m.role }}{% endfor %}",
"{{ 'hello %s and %d' % ('x', 3) }}{{ '%s' | format('y') }}",
"{{ {'b':1,'a':2} | dictsort }}{{ [3,1,2]|sort }}{{ [1,2]|sum }}{{ [1,1,2]|unique|list }}{{ ['a','b']|reverse|list }}{{ [3,1]|max }}{{ [3,1]|min }}",
"{{ '<a>&' | e }}{{ '<a>' | escape }}{{ '<a>' | safe }}",
"{{ loop is defined }}{{ bos_token }}{{ messages[10] is defined }}",
"{{ 'Äb ß'.upper() }}{{ 'a\\nb' | indent(2) }}{{ 'ab'.find('b') }}{{ 'abab'.count('a') }}{{ 'a1'.isdigit() }}{{ 'x y'.split(' ')|last }}",
"{%- if tools is not none and tools %}T{% endif %}{% if documents is none or not documents %}N{% endif %}",
"{% for a in [1,2] %}{% for b in [3,4] %}{{ loop.parent }}{{ a }}{{ b }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}",
"{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined }}>{{ loop.nextitem.role if not loop.last }};{{ loop.cycle('a','b') }}{% endfor %}",
"{{ messages[0] }}","{% if '' %}a{% elif [] %}b{% elif {} %}c{% elif 0 %}d{% else %}e{% endif %}",
"{{ ('a','b')|join('-') }}{{ [['x',1]]|first|last }}{{ 'x'|upper ~ 'y' }}{{ 10 // 3 * 2 }}{{ 1e3 }}{{ 0.1+0.2 }}{{ 1_000 }}",
"{% with %}{% set z=3 %}{{ z }}{% endwith %}{{ z is defined }}","{% filter upper %}abc{% endfilter %}",
"{% generation %}x{% endgeneration %}","{{ messages.0.role }}","{{ messages|selectattr('role')|list|length }}{{ messages|map('length')|list }}{{ [1,2,3]|select('odd')|list }}{{ [1,2,3]|reject('equalto',2)|list }}",
"{{ 'a\\n' }}\n{% if 1 %}\nx\n{%- endif %}\n  y","{{ 'tail' }}\n","{% set d = {'a': {'b': [1, {'c': 'z'}]}} %}{{ d.a.b[1].c }}{{ d['a']['b'][0] }}",
"{{ messages[0].role.upper().lower()[0] | upper }}{{ 'abc'.__class__ }}","{{ ''.__class__.__mro__ }}","{{ (messages[0].content ~ 'x').strip().split(' ')[0] }}",
]

LLAMA_3 = """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}

{#- This block extracts the system message, so we can slot it into the right place. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}

{#- System message #}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- if tools_in_user_message and not tools is none %}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("Cannot put tools in the first user message when there's no first user message!") }}
{%- endif %}
    {{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}

{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
LLAMA_3_SHORT = "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
MISTRAL = "{%- if messages[0]['role'] == 'system' %}\n    {%- set system_message = messages[0]['content'] %}\n    {%- set loop_messages = messages[1:] %}\n{%- else %}\n    {%- set loop_messages = messages %}\n{%- endif %}\n{%- if not tools is defined %}\n    {%- set tools = none %}\n{%- endif %}\n{%- set user_messages = loop_messages | selectattr('role', 'equalto', 'user') | list %}\n\n{#- This block checks for alternating user/assistant messages, skipping tool calling messages #}\n{%- set ns = namespace() %}\n{%- set ns.index = 0 %}\n{%- for message in loop_messages %}\n    {%- if not (message.role == 'tool' or message.role == 'tool_results' or (message.tool_calls is defined and message.tool_calls is not none)) %}\n        {%- if (message['role'] == 'user') != (ns.index % 2 == 0) %}\n            {{- raise_exception('After the optional system message, conversation roles must alternate user/assistant/user/assistant/...') }}\n        {%- endif %}\n        {%- set ns.index = ns.index + 1 %}\n    {%- endif %}\n{%- endfor %}\n\n{{- bos_token }}\n{%- for message in loop_messages %}\n    {%- if message['role'] == 'user' %}\n        {%- if tools is not none and (message == user_messages[-1]) %}\n            {{- '[AVAILABLE_TOOLS] [' }}\n            {%- for tool in tools %}\n                {%- set tool = tool.function %}\n                {{- '{\"type\": \"function\", \"function\": {' }}\n                {%- for key, val in tool.items() if key != 'return' %}\n                    {%- if val is string %}\n                        {{- '\"' + key + '\": \"' + val + '\"' }}\n                    {%- else %}\n                        {{- '\"' + key + '\": ' + val|tojson }}\n                    {%- endif %}\n                    {%- if not loop.last %}\n                        {{- ', ' }}\n                    {%- endif %}\n                {%- endfor %}\n                {{- '}}' }}\n                {%- if not loop.last %}\n                    {{- ', ' }}\n                {%- else %}\n                    {{- ']' }}\n                {%- endif %}\n            {%- endfor %}\n            {{- '[/AVAILABLE_TOOLS]' }}\n            {%- endif %}\n        {%- if loop.last and system_message is defined %}\n            {{- '[INST] ' + system_message + '\\n\\n' + message['content'] + '[/INST]' }}\n        {%- else %}\n            {{- '[INST] ' + message['content'] + '[/INST]' }}\n        {%- endif %}\n    {%- elif message['role'] == 'assistant' %}\n        {{- ' ' + message['content']|trim + eos_token}}\n    {%- else %}\n        {{- raise_exception('Only user and assistant roles are supported, with the exception of an initial optional system message!') }}\n    {%- endif %}\n{%- endfor %}\n"
GEMMA = "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
GEMMA_3 = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model\n'}}
{%- endif -%}
"""
QWEN_2 = """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.' }}
    {%- endif %}
    {{- "\\n\\n# Tools\\n\\nYou may call one or more functions to assist with the user query.\\n\\nYou are provided with function signatures within <tools></tools> XML tags:\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools>\\n\\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\\n<tool_call>\\n{\\"name\\": <function-name>, \\"arguments\\": <args-json-object>}\\n</tool_call><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- tool_call.name }}
        {%- endfor %}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
QWEN_3 = """{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""
PHI_3 = "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
ZEPHYR = "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}"
LLAVA = "{% for message in messages %}{% if message['role'] != 'system' %}{{ message['role'].upper() + ': '}}{% endif %}{# Render all images first #}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}{# Render all text next #}{% if message['role'] != 'assistant' %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] + ' '}}{% endfor %}{% else %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{% generation %}{{ content['text'] + ' '}}{% endgeneration %}{% endfor %}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"

FAMILIES = {
    "Llama 3": LLAMA_3,
    "Llama 3, short": LLAMA_3_SHORT,
    "Mistral": MISTRAL,
    "Gemma": GEMMA,
    "Gemma 3": GEMMA_3,
    "Qwen 2": QWEN_2,
    "Qwen 3": QWEN_3,
    "Phi 3": PHI_3,
    "Zephyr": ZEPHYR,
    "LLaVA": LLAVA,
}
THOUGHT = MESSAGES[1:2] + [{"role": "assistant", "content": "<think>\nhm\n</think>\n\nok"}]
CONVERSATIONS = {
    "all": MESSAGES,
    "one": MESSAGES[1:2],
    "no system": MESSAGES[1:],
    "system only": MESSAGES[:1],
    "shown": SHOWN,
    "thought": THOUGHT,
}


def rendered(template, conversation, tools, prompt):
    case = {"conversation": conversation, "tools": tools, "add_generation_prompt": prompt}
    try:
        case["text"] = _compile_jinja_template(template).render(
            messages=CONVERSATIONS[conversation],
            tools=TOOLS if tools else None,
            documents=None,
            add_generation_prompt=prompt,
            bos_token="<s>",
            eos_token="</s>",
        )
    except Exception as e:
        case["error"] = f"{type(e).__name__}: {e}"
    return case


def main():
    constructs = [{"template": t, **rendered(t, "all", "tools" in t, True)} for t in CONSTRUCTS]
    families = []
    for name, template in FAMILIES.items():
        vision = name in ("LLaVA", "Gemma 3")
        wanted = ["shown"] if name == "LLaVA" else ["all", "one", "no system", "system only", "thought"] + ["shown"] * vision
        cases = [rendered(template, c, False, prompt) for c in wanted for prompt in (True, False)]
        if not vision:
            cases.append(rendered(template, "no system", True, True))
        families.append({"name": name, "template": template, "cases": cases})
    golden = {"conversations": CONVERSATIONS, "tools": TOOLS, "constructs": constructs, "families": families}
    with open("src/test/resources/golden/jinja.json", "w", encoding="utf-8") as out:
        json.dump(golden, out, ensure_ascii=False, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
