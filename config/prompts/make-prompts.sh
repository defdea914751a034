#!/bin/sh
# Makes every prompt, the waiting music and the tones again: 8 kHz mono A-law without a header,
# which Asterisk plays as it is. Needs espeak-ng and sox (Debian: apt-get install espeak-ng sox).
# The voice is a machine's: put recordings of your own under the same names when you have them.
# All of it is made here from nothing else, the melody included; it carries this project's licence.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sounds=$here/../sounds
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$sounds/music" "$sounds/ringback"

# alaw OUT IN [effects…]
alaw() {
  out=$1 in=$2
  shift 2
  sox -R -D "$in" -r 8000 -c 1 -e a-law -t al "$tmp/out.al" "$@"
  mv "$tmp/out.al" "$out"
}

# What is said stands in words.txt too, for those who read it on the desks.
: > "$here/words.txt"

# say NAME 文字
say() {
  printf '%s\t%s\n' "$1" "$2" >> "$here/words.txt"
  espeak-ng -v cmn -s 200 -p 45 -g 0 -a 80 -w "$tmp/say.wav" "$2"
  alaw "$here/$1.alaw" "$tmp/say.wav" gain -6 highpass 200 \
    silence -l 1 0.05 0.5% -1 0.25 0.5% \
    compand 0.01,0.1 -60,-60,-30,-16,-10,-9,0,-8 -4 -60 norm -6 pad 0.1 0.2
}

# Digits are spelt as people say them on the telephone: 幺 for 1.
say welcome-12345 '您好，这里是幺二三四五政务服务便民热线，正在为您转接人工座席。'
say welcome-110 '您好，幺幺零报警服务台，正在接通。'
say please-wait '请稍候，马上为您接通。'
say practice-peer '这里是演练台，请讲话，您会听到自己的声音。'
say sorry-try-later '很抱歉，现在无法接通，请稍后再拨。'

# While she waits: her place, and minutes that are rounded up. Two is 两 before 位 and 分钟.
n=0
for many in 没有人 一位 两位 三位 四位 五位 六位 七位 八位 九位 十位 十一位 十二位 十三位 十四位 \
  十五位 十六位 十七位 十八位 十九位 二十位; do
  if [ $n = 0 ]; then say place-0 '您前面没有人，下一位就是您。'; else say place-$n "您前面还有$many。"; fi
  n=$((n + 1))
done
say place-many '您前面还有二十多位。'
n=1
for many in 一 两 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五; do
  say wait-$n "预计等候$many分钟。"
  n=$((n + 1))
done
say wait-long '预计等候超过十五分钟。'
say call-back-offer '如不便等候，请按一，轮到您时我们给您回电。'
say call-back-kept '已登记回电，您的排队位置保留，现在可以挂机。'

# Before the welcome, where a trunk or a hotline is configured so.
say call-recorded '为保证服务质量，本次通话将被录音。'

# The keys and the answers of config/liandong.yaml: who changes them there records them anew.
say answers-offer '等候期间，了解办公时间请按二，了解公交出行请按三，您的排队位置不变。'
say answer-hours '政务服务大厅周一至周五，上午九点到十二点，下午一点到五点办公。'
say answer-transport '雨天部分公交线路可能绕行，请以站台公告为准。'

# What a centre elsewhere hears when it answers, and what a plan tells those who wait.
say press-1-to-take '您好，有市民来电，接听请按一。'
say storm '因暴雨来电较多，正在增加座席，请您耐心等候。如有危险，请拨打幺幺零。'

# 好差评: when the operator has hung up (satisfactionSeconds).
say satisfaction-ask '请评价本次服务：非常满意按五，满意按四，基本满意按三，不满意按二，非常不满意按一。'
say satisfaction-thanks '感谢您的评价，再见。'

# What the citizens and operators of `make demo` say.
say citizen-1 '您好，我们小区从早上开始停水了，到现在还没有来，想问一下什么时候能恢复。'
say citizen-2 '喂，你好，我们楼下路口积水很深，车都过不去了，麻烦派人来看一下。'
say citizen-3 '我想咨询一下，新生儿的医保要怎么办理，需要带哪些材料。'
say citizen-4 '你好，有一棵大树倒在路上了，把公交站也压坏了，幸好没有人受伤。'
say operator-1 '您好，请问有什么可以帮您。请您说一下具体的地址。'
say operator-2 '好的，您反映的情况我已经记录下来了，请您稍等。'
say operator-3 '请您不要着急，慢慢说，我们马上为您联系。'

# What they send between two sentences.
sox -R -n -r 8000 -c 1 "$tmp/silence.wav" trim 0 3
alaw "$here/pause.alaw" "$tmp/silence.wav"

# One short tone when a call is put through to a headset; two when somebody joins a talk.
sox -R -n -r 8000 -c 1 "$tmp/beep.wav" synth 0.12 sine 1000 fade t 0.01 0.12 0.01 gain -14
alaw "$here/beep.alaw" "$tmp/beep.wav"
sox -R -n -r 8000 -c 1 "$tmp/gap.wav" trim 0 0.08
sox "$tmp/beep.wav" "$tmp/gap.wav" "$tmp/beep.wav" "$tmp/join.wav"
alaw "$here/join.alaw" "$tmp/join.wav"

# The ringing tone of China's networks: 450 Hz, one second on, four off.
sox -R -n -r 8000 -c 1 "$tmp/on.wav" synth 1 sine 450 fade t 0.01 1 0.01 gain -14
sox -R -n -r 8000 -c 1 "$tmp/off.wav" trim 0 4
sox "$tmp/on.wav" "$tmp/off.wav" "$tmp/ring.wav"
alaw "$sounds/ringback/ringback.alaw" "$tmp/ring.wav"

# Waiting music: a slow five-note melody (C D E G A) of our own over held fifths, 38.4 s.
beat=0.6
n=0
for note in \
  E4 G4 A4 -- G4 E4 D4 -- C4 D4 E4 G4 E4 -- D4 -- \
  E4 G4 A4 C5 A4 G4 E4 -- D4 E4 G4 E4 D4 -- C4 -- \
  A4 -- C5 A4 G4 -- E4 G4 A4 G4 E4 D4 E4 -- D4 -- \
  G4 -- A4 G4 E4 D4 C4 D4 E4 -- D4 C4 D4 -- C4 --; do
  file=$(printf '%s/n%03d.wav' "$tmp" $n)
  n=$((n + 1))
  if [ "$note" = -- ]; then
    sox -R -n -r 16000 -c 1 "$file" trim 0 $beat
  else
    sox -R -n -r 16000 -c 1 "$file" synth $beat sine $note synth $beat sine mix $note \
      fade h 0.02 $beat 0.35 gain -6
  fi
done
sox "$tmp"/n*.wav "$tmp/melody.wav"
n=0
for fifth in C3:G3 A2:E3 C3:G3 G2:D3 C3:G3 A2:E3 G2:D3 C3:G3; do
  sox -R -n -r 16000 -c 1 "$(printf '%s/f%03d.wav' "$tmp" $n)" \
    synth 4.8 sine "${fifth%:*}" synth 4.8 sine mix "${fifth#*:}" fade h 0.6 4.8 0.6 gain -14
  n=$((n + 1))
done
sox "$tmp"/f*.wav "$tmp/fifths.wav"
sox -m "$tmp/melody.wav" "$tmp/fifths.wav" "$tmp/dry.wav"
sox -R "$tmp/dry.wav" "$tmp/music.wav" gain -6 reverb 30 channels 1
alaw "$sounds/music/five-notes.alaw" "$tmp/music.wav" lowpass 3000 fade t 0.2 0 0.4 norm -15
