# LoRA on 2 of 4 layers (0,3), by top 2, always 0, never 1
# Needs the packages torch, transformers and peft.
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForSequenceClassification

MODEL = "@HERE@/model"
NUM_LABELS = 2  # the number of classes, 1 for regression

model = AutoModelForSequenceClassification.from_pretrained(MODEL, num_labels=NUM_LABELS)
config = LoraConfig(
    task_type="SEQ_CLS",
    r=8,
    lora_alpha=16,
    lora_dropout=0,
    bias="none",
    target_modules=["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"],
    layers_to_transform=[0, 3],
    layers_pattern=["layer"],
    init_lora_weights=True,
    use_rslora=False,
    use_dora=False,
)

model = get_peft_model(model, config)
model.print_trainable_parameters()
