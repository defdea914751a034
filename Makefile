# 联动 / Liandong. Everything is brought by these targets; Node 20.19 or newer and npm must be there.
TS := node --import ./tools/with-ts.js

.PHONY: help install run demo standby test faults check format bench simulate doctor build docker-check clean screens

help:
	@echo 'make run     启动全部 / start everything (Ctrl-C 停止 / stops it)'
	@echo 'make demo    演示：忙碌的一天，每个页面都有内容 / a busy day is played, every desk has life (SPEED=60)'
	@echo 'make standby 第二控制器，与 make run 并行 / a second controller beside make run'
	@echo 'make test    全部测试 / all tests (ARGS="-t name")'
	@echo 'make faults  故障注入，逐行列表 / every fault, row by row (ARGS="11 26 crash-matrix")'
	@echo 'make check   类型与结构检查 / types, lint, layers, format'
	@echo 'make bench   性能测量 / measurements (BENCH=name)'
	@echo 'make simulate 重演一天 / replays a day with and without a plan (DAY=nanjing, chengdu; ARGS="--seats 500 --opens 09:00")'
	@echo 'make doctor  自检 / says which part is not well'
	@echo 'make docker-check  容器的构建与通话 / builds the containers and makes a call through them'
	@echo 'make screens 各页面截图 / pictures of the desks into docs/screens'
	@echo 'make build | format | clean'

install:
	@node tools/install.js

run: install
	@$(TS) tools/run.ts

demo: install
	@$(TS) tools/run.ts --demo $(or $(SPEED),60)

standby: install
	@$(TS) tools/standby.ts

test: install
	@$(TS) tools/test.ts $(ARGS)

faults: install
	@$(TS) tools/faults.ts $(ARGS)

check: install
	@$(TS) tools/check.ts

format: install
	@node node_modules/prettier/bin/prettier.cjs --write --log-level warn .

bench: install
	@$(TS) tools/bench.ts $(BENCH)

simulate: install
	@$(TS) tools/simulate.ts $(or $(DAY),nanjing) $(ARGS)

doctor: install
	@$(TS) tools/doctor.ts

build: install
	@$(TS) tools/build.ts

docker-check: install
	@$(TS) tools/docker-check.ts

screens: install
	@$(TS) tools/screens.ts $(ARGS)

clean:
	@rm -rf dist coverage
