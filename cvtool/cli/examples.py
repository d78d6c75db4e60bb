"""A few command lines for each command, which its help ends in; a test understands each of them."""

EXAMPLES = {
    "train-cnn": (
        "cvtool train-cnn --name first",
        'cvtool train-cnn --arch "(conv3-16 + relu + maxpool2)*2 + fc-32 + relu" --describe',
        "cvtool train-cnn --dataset shapes --augment flip,shift --epochs 20 --schedule one-cycle",
        "cvtool train-cnn --resume first --epochs 30",
        "cvtool train-cnn --seed 1 --split-seed 0 --keep-every 2 --name second",
    ),
    "linear": (
        "cvtool linear --dataset shapes --features hog+color",
        "cvtool linear --loss svm --grid",
    ),
    "knn": (
        "cvtool knn --k 1,3,5,10,20 --metric l1,l2 --folds 5",
        "cvtool knn --dataset shapes --explain",
    ),
    "tune": (
        "cvtool tune --random 50 --study search",
        'cvtool tune --search "learning_rate=1e-4..1e-1 log, dropout=0..0.5" --arch mlp',
        'cvtool tune --model knn --random 12 --search "k=1..31, metric=l1|l2|cosine"',
        "cvtool tune --resume search --workers 2",
    ),
    "gradcheck": (
        "cvtool gradcheck",
        'cvtool gradcheck --layer "conv3-4/2 + relu"',
        "cvtool gradcheck --arch mlp --dataset digits",
    ),
    "evaluate": (
        "cvtool evaluate first",
        "cvtool evaluate first --test --json",
    ),
    "predict": (
        "cvtool predict first cat.png dog.jpg",
        "cvtool predict first cat.png --top 5 --json",
    ),
    "report": (
        "cvtool report first",
        "cvtool report first second --to comparison.html",
    ),
    "inspect": (
        "cvtool inspect first",
        "cvtool inspect first cat.png dog.jpg --filters 32",
    ),
    "ensemble": (
        "cvtool ensemble first second third",
        "cvtool ensemble first second third --test --json",
        "cvtool ensemble first --checkpoints",
    ),
    "export": (
        "cvtool export first --format onnx",
        "cvtool export first --format pytorch --to first.safetensors",
    ),
    "graph": (
        'cvtool graph "max(0, w*x + b)" w=2 x=-1 b=3',
        'cvtool graph "1/(1+exp(-(w0+w1*x1)))" w0=-3 w1=2 x1=-1 --collapse sigmoid',
        'cvtool graph "sum((W@x)**2)" "W=[[1,2],[3,4]]" "x=[1,-2]" --picture graph.png',
    ),
    "claims": (
        "cvtool claims --list",
        "cvtool claims --only k1-perfect,derivative-of-reciprocal",
        "cvtool claims --dataset shapes",
    ),
    "explain": (
        "cvtool explain",
        "cvtool explain units live",
    ),
    "sanity-check": (
        "cvtool sanity-check --arch mlp --learning-rate 0.01",
        "cvtool sanity-check --dataset shapes --json",
    ),
    "doctor": (
        "cvtool doctor",
        "cvtool doctor --quick --json",
    ),
    "data list": ("cvtool data list", "cvtool data list --json"),
    "data fetch": (
        "cvtool data fetch cifar-10",
        "cvtool data fetch cifar-10 --from ~/Downloads/cifar-10-python.tar.gz",
    ),
    "data import": (
        "cvtool data import photos --name pets --image-size 32",
        "cvtool data import labels.csv --name pets",
    ),
    "data check": (
        "cvtool data check digits",
        "cvtool data check photos --fix --name look",
    ),
    "data show": (
        "cvtool data show digits",
        "cvtool data show shapes --augmented --augment flip,shift",
    ),
    "runs list": (
        'cvtool runs list --filter "command=train-cnn val_accuracy>0.95" --sort -val_accuracy',
        "cvtool runs list --columns name,learning_rate,val_accuracy --last 10",
    ),
    "runs show": ("cvtool runs show first", "cvtool runs show first --json"),
    "runs compare": (
        "cvtool runs compare first second",
        "cvtool runs compare first second --picture curves.png",
    ),
    "runs rerun": ("cvtool runs rerun first", "cvtool runs rerun first --name again"),
    "runs delete": (
        "cvtool runs delete first --dry-run",
        "cvtool runs delete first second --yes",
        'cvtool runs delete --filter "command=linear val_accuracy<0.5" --dry-run',
    ),
    "runs export": (
        "cvtool runs export first second --format csv --to epochs.csv",
        "cvtool runs export first --format tensorboard --to events",
    ),
    "data clean": ("cvtool data clean --dry-run", "cvtool data clean --downloads"),
}
